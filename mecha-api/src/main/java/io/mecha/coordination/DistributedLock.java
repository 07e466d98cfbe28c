// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.time.Duration;
import java.util.Optional;

/**
 * A lock that one thread on all nodes of the application holds at a time.
 *
 * <p>Within a node it is given in the order in which it was asked for, and only the first asks the backend. Nodes that wait get fair shares
 * by chance, without an order among them. It is not reentrant unless {@link LockOptions#reentrant} says so. Cheap to make and to drop;
 * those of the same name are the same lock. Thread-safe.
 *
 * @since 1.0
 * @see DistributedLocks
 */
public interface DistributedLock {

    /**
     * Return the name of the lock.
     *
     * @return the name as the application gave it
     */
    String name();

    /**
     * Return how this lock is acquired and held.
     *
     * @return the options it was made with
     */
    LockOptions options();

    /**
     * Acquire the lock if it is free now; at most one round trip, none while this node holds it.
     *
     * @return the lock, to be closed; empty if somebody has it
     * @throws io.mecha.state.StateUnavailableException if there was no answer; what may have been granted is given back
     */
    Optional<HeldLock> tryAcquire();

    /**
     * Acquire the lock as soon as it is free, within a time.
     *
     * @param timeout the longest time to wait; zero is like {@link #tryAcquire()}
     * @return the lock, to be closed; empty if somebody had it until the end
     * @throws LockNotAcquiredException if this thread was interrupted, which it still is then
     * @throws InvalidCoordinationRequestException if locks are closed, before or meanwhile
     * @throws io.mecha.state.StateUnavailableException if there was no answer until the end; what may have been granted is given back
     */
    Optional<HeldLock> tryAcquire(Duration timeout);

    /**
     * Acquire the lock as soon as it is free, within {@link LockOptions#waitTimeout}.
     *
     * @return the lock, to be closed
     * @throws LockNotAcquiredException if somebody had it until the end, or this thread was interrupted, which it still is then
     * @throws InvalidCoordinationRequestException if locks are closed, before or meanwhile
     * @throws io.mecha.state.StateUnavailableException if there was no answer until the end; what may have been granted is given back
     */
    HeldLock acquire();
}
