// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that is called with a message that failed for the last time, before it goes to the dead letter.
 *
 * <p>Parameters as of a {@link Binding} method, and a {@link Failure}. Return normally and the message is acknowledged; throw,
 * or return {@link Outcome#deadLetter(String)}, and it goes to the dead letter. Not called for bytes that cannot be read.
 *
 * @since 1.0
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface BindingFallback {

    /**
     * Return the name of the channel.
     *
     * @return as in {@link Binding#value()}
     */
    String value();

    /**
     * Return the group whose messages these are.
     *
     * @return empty for every group of this application on the channel that has no fallback of its own
     */
    String group() default "";
}
