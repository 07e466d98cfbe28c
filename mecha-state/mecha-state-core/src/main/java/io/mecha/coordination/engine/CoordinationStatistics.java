// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of what happened to the locks and leaderships of a node since it started. Thread-safe.
 *
 * @since 1.0
 */
public final class CoordinationStatistics {

    private final LongAdder acquired = new LongAdder();
    private final LongAdder missed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder unrenewed = new LongAdder();

    CoordinationStatistics() {}

    /**
     * Return how often a lock was acquired.
     *
     * @return the count; acquiring a lock again that the thread has is none
     */
    public LongAdder acquired() {
        return acquired;
    }

    /**
     * Return how often a lock was not acquired, whatever the reason.
     *
     * @return the count
     */
    public LongAdder missed() {
        return missed;
    }

    /**
     * Return how many locks and leaderships ended before they were given back.
     *
     * @return the count
     */
    public LongAdder lost() {
        return lost;
    }

    /**
     * Return how many rounds of renewals the backend did not answer.
     *
     * @return the count
     */
    public LongAdder unrenewed() {
        return unrenewed;
    }
}
