// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import java.time.Duration;

/** The time that is left to the handlers of all groups: the same time runs for all of them. */
public final class DrainBudget {

    private final Duration budget;
    private final long start = System.nanoTime();

    /**
     * Begin to count.
     *
     * @param budget longest time for all together; zero or less waits for nothing
     */
    public DrainBudget(Duration budget) {
        this.budget = budget;
    }

    /**
     * Return how long to wait for one subscription.
     *
     * @param limit longest time for it, from the beginning
     * @return what is left; zero or less if nothing is
     */
    Duration left(Duration limit) {
        Duration shorter = limit.compareTo(budget) < 0 ? limit : budget;
        return shorter.minus(spent());
    }

    Duration spent() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
