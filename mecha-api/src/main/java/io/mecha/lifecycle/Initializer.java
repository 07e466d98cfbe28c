// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that runs to its end while the application starts, before it is ready and before it receives messages.
 *
 * <p>It takes nothing, and what it returns is ignored. Initializers run one after the other on threads of their own, when all beans are
 * there and the web server listens, and when those named by {@link #after()} have succeeded. One that throws, or takes longer than
 * {@link #timeout()}, is run again after a pause, as {@code mecha.lifecycle.start.retry} says; so let it be repeatable. Settings of one
 * initializer under {@code mecha.lifecycle.start.initializers.<name>} come before its attributes. All texts may hold placeholders, {@code
 * ${…}}.
 *
 * @since 1.0
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Initializer {

    /**
     * Return the name.
     *
     * @return 1 to 64 letters, digits, dots, underscores or hyphens, once in an application; empty for the name of the method
     */
    String value() default "";

    /**
     * Return which initializers must have succeeded before.
     *
     * @return names; none for any time
     */
    String[] after() default {};

    /**
     * Return how often it succeeds.
     *
     * @return by default {@link Once#NODE}
     */
    Once once() default Once.NODE;

    /**
     * Return the version of what it does, which is run again under another one; only for {@link Once#CLUSTER}.
     *
     * @return 1 to 64 letters, digits, dots, underscores or hyphens
     */
    String version() default "1";

    /**
     * Return how long one attempt may take; then its thread is interrupted, and the attempt has failed.
     *
     * @return a duration with unit, for example {@code 30s}; empty for {@code mecha.lifecycle.start.timeout}
     */
    String timeout() default "";

    /**
     * Return how often it is tried.
     *
     * @return 1 or more; empty for {@code mecha.lifecycle.start.retry.max-attempts}
     */
    String maxAttempts() default "";

    /**
     * Return exceptions, with their subclasses, after which trying again is useless.
     *
     * @return none by default
     */
    Class<? extends Throwable>[] notRetryable() default {};

    /**
     * Return what happens when it has failed for good.
     *
     * @return by default {@link OnFailure#STOP}
     */
    OnFailure onFailure() default OnFailure.STOP;

    /** The scope in which an initializer succeeds once. */
    enum Once {

        /** At each start of each node. */
        NODE,

        /**
         * Once for each version, among all nodes that share a coordination store: the first one runs it under a lock while the others
         * wait, and the store remembers that it was done. If the node dies before that, another one runs it again.
         */
        CLUSTER
    }

    /** The reaction to an initializer that has failed for good. */
    enum OnFailure {

        /** The application does not start: the JVM exits with a code other than 0. */
        STOP,

        /**
         * The application starts, receives nothing and is not ready, while the initializer is tried again in the background until it
         * succeeds.
         */
        KEEP_TRYING
    }
}
