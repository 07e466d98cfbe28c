// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.time.Duration;

/**
 * The way in which a leader is elected. Immutable; each method returns a changed copy.
 *
 * <p>The defaults: a lease of 15 seconds, a margin of a quarter of it.
 *
 * @since 1.0
 */
public final class ElectionOptions {

    private static final Duration MINIMUM_LEASE = Duration.ofSeconds(1);
    private static final Duration MAXIMUM_LEASE = Duration.ofDays(1);
    private static final int SHARE = 4;
    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(15);
    private static final ElectionOptions DEFAULTS = new ElectionOptions(DEFAULT_LEASE, DEFAULT_LEASE.dividedBy(SHARE));

    private final Duration lease;
    private final Duration margin;

    private ElectionOptions(Duration lease, Duration margin) {
        this.lease = lease;
        this.margin = margin;
    }

    /**
     * Return the defaults.
     *
     * @return the options of an election that has no other
     */
    public static ElectionOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Change how long a leader that died keeps others from leading; makes the margin a quarter of it.
     *
     * @param changed one second to one day
     * @return a changed copy
     * @throws InvalidCoordinationRequestException if it is out of bounds
     */
    public ElectionOptions lease(Duration changed) {
        if (changed.compareTo(MINIMUM_LEASE) < 0 || changed.compareTo(MAXIMUM_LEASE) > 0) {
            throw InvalidCoordinationRequestException.duration("lease", changed, "one second to one day");
        }
        return new ElectionOptions(changed, changed.dividedBy(SHARE));
    }

    /**
     * Change how long before its deadline a leader that does not reach the backend steps down.
     *
     * @param changed more than zero, at most half of the lease
     * @return a changed copy
     * @throws InvalidCoordinationRequestException if it is out of bounds
     */
    public ElectionOptions margin(Duration changed) {
        if (changed.isNegative() || changed.isZero() || changed.compareTo(lease.dividedBy(2)) > 0) {
            throw InvalidCoordinationRequestException.duration(
                    "margin", changed, "more than zero, and at most half of the lease of " + lease);
        }
        return new ElectionOptions(lease, changed);
    }

    /**
     * Return how long a leader that died keeps others from leading.
     *
     * @return the lease
     */
    public Duration lease() {
        return lease;
    }

    /**
     * Return how long before its deadline a leader that does not reach the backend steps down.
     *
     * @return the margin
     */
    public Duration margin() {
        return margin;
    }
}
