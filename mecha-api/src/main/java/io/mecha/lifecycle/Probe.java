// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that says whether the application, or a part of it, is well: a check in the health group of a probe.
 *
 * <p>It takes nothing and returns a {@code boolean}, a {@link ProbeResult}, a {@code Health} of Spring Boot, or nothing; whatever it throws
 * means that it is not well. It runs on a thread of its own, once at a time however many probes ask, and its answer is used again for
 * {@link #maxAge()}. Texts may hold placeholders, {@code ${…}}.
 *
 * @since 1.0
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Probe {

    /**
     * Return the probe.
     *
     * @return what depends on the answer
     */
    Kind value();

    /**
     * Return the name.
     *
     * @return 1 to 64 letters, digits, dots, underscores or hyphens, once for each kind; empty for the name of the method
     */
    String name() default "";

    /**
     * Return how long an answer may take; without one the application is not well.
     *
     * @return a duration with unit, for example {@code 500ms}; empty for {@code mecha.health.timeout}
     */
    String timeout() default "";

    /**
     * Return for how long an answer is used again.
     *
     * @return a duration with unit, zero for never; empty for {@code mecha.health.max-age}
     */
    String maxAge() default "";

    /** The kind of a probe, by what depends on its answer. */
    enum Kind {

        /**
         * The platform kills and restarts the application when it is not well; so ask for nothing outside of it, which a restart
         * does not mend.
         */
        LIVENESS,

        /** The platform sends no traffic while it is not well. */
        READINESS,

        /** The platform asks for neither of the others before it is well for the first time. */
        STARTUP
    }
}
