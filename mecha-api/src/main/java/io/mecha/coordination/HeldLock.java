// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.time.Duration;

/**
 * A lock that is held, until it is closed.
 *
 * <pre>{@code
 * try (HeldLock held = locks.lock("order-" + id).acquire()) {
 *     ship(order, held.token());
 * }
 * }</pre>
 *
 * <p>May be passed to, and closed by, another thread.
 *
 * @since 1.0
 */
public interface HeldLock extends HeldLease, AutoCloseable {

    /**
     * Make the lock last longer; one round trip. Where it is renewed anyway, this prepares for a time in which that may fail.
     *
     * @param atLeast how long it is to be held from now; one second to 366 days. Never makes it shorter
     * @throws LeaseLostException if the lock is not held any more
     * @throws io.mecha.MechaException if there was no answer; the lock is held for as long as before
     */
    void extend(Duration atLeast);

    /**
     * Give the lock back; at most one round trip.
     *
     * <p>If it was held for less than {@link LockOptions#atLeast}, nobody gets it before that is over. Does nothing if the lock was given
     * back or lost. Never throws because the backend cannot be reached: it is told as soon as it can be, or the lease ends there by itself.
     */
    @Override
    void close();
}
