// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that runs under a {@link DistributedLock}: on all nodes of the application, one call at a time for each name.
 *
 * <pre>{@code
 * @Locked("order-#{id}")
 * void ship(String id) { … }
 *
 * @Scheduled(cron = "0 0 3 * * *")
 * @Locked(value = "nightly", skip = true, waitTimeout = "0s", lease = "2m", atLeast = "1m")
 * void nightly() { … }
 * }</pre>
 *
 * <p>The lock is acquired before a transaction of the method begins, and given back after it ended; if the method returns a {@link
 * java.util.concurrent.CompletionStage}, when that is complete. It is renewed for as long. The method finds the lock in {@link
 * CurrentLease}, and a parameter of type {@link HeldLock}, {@link HeldLease} or {@link FencingToken} gets it, whatever the caller passed.
 * Times are texts such as {@code 500ms}, {@code 30s} or <code>${locks.ship}</code>; an empty one stands for the default of the
 * application ({@code mecha.coordination.lock}).
 *
 * <p>Only calls through the bean are seen, not those from within its class through {@code this}.
 *
 * @since 1.0
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Locked {

    /**
     * Return the name of the lock; with expressions of Spring's language between <code>#{</code> and <code>}</code>, in which parameters
     * are known by their names.
     *
     * @return for example {@code order-#{id}}; must not evaluate to an empty text
     */
    String value();

    /**
     * Return how long a node that died keeps the lock.
     *
     * @return one second to 366 days
     */
    String lease() default "";

    /**
     * Return the longest time to wait for the lock.
     *
     * @return zero to 366 days
     */
    String waitTimeout() default "";

    /**
     * Return for how long from the call on nobody else gets the lock, though the method has returned.
     *
     * @return zero to 366 days; at most the lease
     */
    String atLeast() default "";

    /**
     * Tell whether a call that does not get the lock in time is left out, and returns nothing, instead of failing with a {@link
     * LockNotAcquiredException}.
     *
     * @return only for methods that return nothing, an object or an {@code Optional}
     */
    boolean skip() default false;

    /**
     * Tell whether a thread that has the lock may call the method, or another with a lock of the same name.
     *
     * @return whether it does not wait for itself
     */
    boolean reentrant() default false;

    /**
     * Tell whether the thread is interrupted when the lock is lost while the method runs.
     *
     * @return whether it is
     */
    boolean interruptOnLoss() default false;
}
