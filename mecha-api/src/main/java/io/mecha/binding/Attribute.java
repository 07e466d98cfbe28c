// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A context attribute of the event, extensions included, for a parameter of a {@link Binding} method.
 *
 * <p>The parameter is a {@code String}, a number, a {@code boolean}, an {@code Instant}, a {@code URI} or an {@code
 * Optional} of those. A message without it, or with text that cannot be converted, fails without a retry, unless the
 * parameter is an {@code Optional} or {@code @Nullable}.
 *
 * @since 1.0
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Attribute {

    /**
     * Return the name of the attribute.
     *
     * @return for example {@code subject}; case does not matter
     */
    String value();
}
