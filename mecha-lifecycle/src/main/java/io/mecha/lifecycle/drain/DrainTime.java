// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import io.mecha.runtime.ElapsedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A budget of time that runs from when it is made. */
final class DrainTime {

    /** How often a thread looks where a test moves time. */
    private static final Duration LOOK = Duration.ofMillis(5);

    private final ElapsedTime time;
    private final Duration budget;
    private final Instant start;

    DrainTime(ElapsedTime time, Duration budget) {
        this.time = time;
        this.budget = budget;
        this.start = time.now();
    }

    Duration spent() {
        return Duration.between(start, time.now());
    }

    /** Returns what is left until so many percent of the budget are spent; zero if nothing is. */
    Duration left(int percent) {
        Duration left = budget.multipliedBy(percent).dividedBy(100).minus(spent());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Returns the part of a budget that begins now. */
    DrainTime part(Duration limit) {
        return new DrainTime(time, limit);
    }

    /** Waits until something has happened or the budget is spent; {@code false} for the latter. */
    boolean await(CountDownLatch happened) throws InterruptedException {
        for (Duration left = left(100); !left.isZero(); left = left(100)) {
            Duration wait = time.isVirtual() && left.compareTo(LOOK) > 0 ? LOOK : left;
            if (happened.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
        }
        return happened.getCount() == 0;
    }
}
