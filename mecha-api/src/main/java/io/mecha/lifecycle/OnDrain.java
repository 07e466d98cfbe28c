// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that is called once while the application ends, before any bean is destroyed.
 *
 * <p>It takes nothing or a {@link Drain}, and returns nothing. The methods of one stage are called one after the other, on a thread of
 * their own, at the same time as Mecha does what belongs to that stage. A method that throws, or that takes longer than it may, is
 * logged; the drain goes on without it.
 *
 * @since 1.0
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnDrain {

    /**
     * When to call it.
     *
     * @return the stage; default {@link Stage#IN_FLIGHT}
     */
    Stage value() default Stage.IN_FLIGHT;

    /**
     * Its place among the methods of its stage.
     *
     * @return lower ones are called earlier; default 0
     */
    int order() default 0;

    /**
     * How long it may take, at most what is left of the budget of the stage.
     *
     * @return a duration with unit, more than zero; placeholders are replaced; default 10 s
     */
    String timeout() default "10s";

    /**
     * A stage of the drain.
     *
     * @since 1.0
     */
    enum Stage {

        /** Readiness has been switched off; requests and messages still arrive. */
        READINESS,

        /** Nothing new is to be taken in: no message, no timer, no claim. */
        INTAKE,

        /** What was begun is finished; HTTP is still served. */
        IN_FLIGHT,

        /** The last request was answered; what is buffered is written, and clients are still open. */
        FLUSH
    }
}
