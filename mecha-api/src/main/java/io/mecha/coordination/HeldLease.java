// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.time.Duration;

/**
 * A grant of a lock or a leadership to this node, which lasts until it is given back or lost.
 *
 * <p>It is valid until a deadline by the monotonic clock of this JVM, which is before the one of the backend and is put off by each
 * renewal. A process that was paused and wakes up after the deadline finds it invalid at once. Yet a pause may come right after any check;
 * only the {@linkplain #token() token} protects a resource from that. Thread-safe.
 *
 * @since 1.0
 */
public interface HeldLease {

    /**
     * Return what is held.
     *
     * @return the name as the application gave it
     */
    String name();

    /**
     * Return the number of this grant, for resources that refuse older ones.
     *
     * @return the same token as long as this is held, and afterwards
     */
    FencingToken token();

    /**
     * Tell whether this is held now. Asks no server.
     *
     * @return {@code false} once it was given back, was lost, or its deadline passed
     */
    boolean isValid();

    /**
     * Tell whether this ended before it was given back. Asks no server.
     *
     * @return {@code true} once it was lost or its deadline passed, also after it is closed then
     */
    boolean isLost();

    /**
     * Go on only if this is held now. Asks no server.
     *
     * @throws LeaseLostException if it was given back, was lost, or its deadline passed
     */
    void assertValid();

    /**
     * Return how long this is held for sure if the backend cannot be reached from now on.
     *
     * @return time until the deadline; zero if this is not held any more
     */
    Duration remaining();

    /**
     * Demand, in the transaction of this thread, that no newer token was given out, and let nobody get one until the transaction is over.
     *
     * <p>For plain JDBC, JPA and state stores on the database that keeps the lease: one statement, which joins the transaction. Call it
     * before the first write. Does not conflict with renewals. Several holders of the token may be in such transactions at a time, except
     * on H2.
     *
     * @throws FencedException if a newer token was given out; let the transaction roll back
     * @throws InvalidCoordinationRequestException if this thread has no transaction on that database
     */
    void guard();

    /**
     * Have something done as soon as this is lost, at once if it already is; never if it is given back before.
     *
     * @param action runs on a thread of the engine, once; must be quick
     */
    void onLost(Runnable action);
}
