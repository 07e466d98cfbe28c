// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that is called after the configuration changed while the application runs.
 *
 * <p>It takes nothing or a {@link ConfigurationChange}, and returns nothing. It is called once for each change that touches what it
 * names, when the change is in force everywhere: {@link Reloadable} properties and the environment have the new values. Calls come one
 * after the other, on a thread of their own. An exception is logged, and keeps neither the change nor other methods from going on.
 *
 * @since 1.0
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnConfigurationChange {

    /**
     * Which properties are of interest.
     *
     * @return prefixes, for example {@code pricing.}, of which one is enough; none for every change
     */
    String[] value() default {};
}
