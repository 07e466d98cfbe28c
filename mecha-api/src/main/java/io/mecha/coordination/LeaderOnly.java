// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that runs on the leader only: on every other node a call is left out, and returns nothing.
 *
 * <pre>{@code
 * @Scheduled(fixedDelay = 60_000)
 * @LeaderOnly("reports")
 * void report() { … }
 * }</pre>
 *
 * <p>Each node is a candidate from when the application has started until it ends. The method finds its leadership in {@link
 * CurrentLease}, and a parameter of type {@link Leadership}, {@link HeldLease} or {@link FencingToken} gets it, whatever the caller
 * passed. A node hands over when the calls have returned that it began as the leader; if it loses the leadership, the threads of those
 * calls are interrupted, and only the token keeps out what they still write.
 *
 * <p>Methods return nothing, an object or an {@code Optional}. Only calls through the bean are seen, not those from within its class
 * through {@code this}.
 *
 * @since 1.0
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LeaderOnly {

    /**
     * Return what there is one leader of; methods and beans of the same name have the same one.
     *
     * @return a name; may have placeholders
     */
    String value();
}
