// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.time.Duration;

/**
 * The way in which a lock is acquired and held. Immutable; each method returns a changed copy.
 *
 * <p>The defaults: a lease of 30 seconds that is renewed, 30 seconds to wait, given back at once, not reentrant, no interrupt.
 *
 * @since 1.0
 */
public final class LockOptions {

    private static final Duration MINIMUM_LEASE = Duration.ofSeconds(1);
    private static final Duration MAXIMUM = Duration.ofDays(366);
    private static final LockOptions DEFAULTS =
            new LockOptions(Duration.ofSeconds(30), Duration.ofSeconds(30), true, Duration.ZERO, false, false);

    private final Duration lease;
    private final Duration waitTimeout;
    private final boolean renew;
    private final Duration atLeast;
    private final boolean reentrant;
    private final boolean interruptOnLoss;

    private LockOptions(
            Duration lease,
            Duration waitTimeout,
            boolean renew,
            Duration atLeast,
            boolean reentrant,
            boolean interruptOnLoss) {
        this.lease = lease;
        this.waitTimeout = waitTimeout;
        this.renew = renew;
        this.atLeast = atLeast;
        this.reentrant = reentrant;
        this.interruptOnLoss = interruptOnLoss;
    }

    /**
     * Return the defaults.
     *
     * @return the options of a lock that has no other
     */
    public static LockOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Change how long a node that died keeps the lock, and, without renewal, how long anybody does.
     *
     * @param changed one second to 366 days
     * @return a changed copy
     * @throws InvalidCoordinationRequestException if it is out of bounds
     */
    public LockOptions lease(Duration changed) {
        if (changed.compareTo(MINIMUM_LEASE) < 0 || changed.compareTo(MAXIMUM) > 0) {
            throw InvalidCoordinationRequestException.duration("lease", changed, "one second to 366 days");
        }
        return new LockOptions(changed, waitTimeout, renew, atLeast, reentrant, interruptOnLoss);
    }

    /**
     * Change how long {@link DistributedLock#acquire} waits.
     *
     * @param changed zero to 366 days
     * @return a changed copy
     * @throws InvalidCoordinationRequestException if it is out of bounds
     */
    public LockOptions waitTimeout(Duration changed) {
        return new LockOptions(lease, checked("time to wait", changed), renew, atLeast, reentrant, interruptOnLoss);
    }

    /**
     * Change whether the lease is renewed in the background, until the lock is closed.
     *
     * @param changed {@code false} to lose the lock when the lease is over
     * @return a changed copy
     */
    public LockOptions renew(boolean changed) {
        return new LockOptions(lease, waitTimeout, changed, atLeast, reentrant, interruptOnLoss);
    }

    /**
     * Change for how long nobody else gets the lock, though it was closed earlier: so a node whose clock is behind does not do the same
     * again.
     *
     * @param changed zero to 366 days; no longer than the lease when the lock is made
     * @return a changed copy
     * @throws InvalidCoordinationRequestException if it is out of bounds
     */
    public LockOptions atLeast(Duration changed) {
        return new LockOptions(
                lease, waitTimeout, renew, checked("least time to hold", changed), reentrant, interruptOnLoss);
    }

    /**
     * Change whether a thread that holds the lock gets it again, under the same token; it is given back by the last close.
     *
     * @param changed whether it does
     * @return a changed copy
     */
    public LockOptions reentrant(boolean changed) {
        return new LockOptions(lease, waitTimeout, renew, atLeast, changed, interruptOnLoss);
    }

    /**
     * Change whether the thread that acquired the lock is interrupted when it is lost.
     *
     * @param changed whether it is; only while the lock is not closed
     * @return a changed copy
     */
    public LockOptions interruptOnLoss(boolean changed) {
        return new LockOptions(lease, waitTimeout, renew, atLeast, reentrant, changed);
    }

    private static Duration checked(String what, Duration duration) {
        if (duration.isNegative() || duration.compareTo(MAXIMUM) > 0) {
            throw InvalidCoordinationRequestException.duration(what, duration, "zero to 366 days");
        }
        return duration;
    }

    /**
     * Return how long a node that died keeps the lock.
     *
     * @return the lease
     */
    public Duration lease() {
        return lease;
    }

    /**
     * Return how long {@link DistributedLock#acquire} waits.
     *
     * @return the longest time
     */
    public Duration waitTimeout() {
        return waitTimeout;
    }

    /**
     * Tell whether the lease is renewed in the background.
     *
     * @return whether it is
     */
    public boolean renew() {
        return renew;
    }

    /**
     * Return for how long nobody else gets the lock.
     *
     * @return the time from when the lock was acquired; zero for none
     */
    public Duration atLeast() {
        return atLeast;
    }

    /**
     * Tell whether a thread that holds the lock gets it again.
     *
     * @return whether it does
     */
    public boolean reentrant() {
        return reentrant;
    }

    /**
     * Tell whether the thread that acquired the lock is interrupted when it is lost.
     *
     * @return whether it is
     */
    public boolean interruptOnLoss() {
        return interruptOnLoss;
    }
}
