// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits longer after each failure, for what is tried for ever. */
final class Backoff {

    private static final Duration INITIAL = Duration.ofMillis(100);
    private static final Duration MAXIMUM = Duration.ofSeconds(30);
    private static final int DOUBLINGS = 9;
    private static final Duration BUSY = Duration.ofSeconds(1);
    private static final double SPREAD = 0.2;

    /** For what was refused for good, in case somebody has changed a limit. */
    static final Duration PARKED = Duration.ofMinutes(10);

    private Backoff() {}

    /**
     * Returns how long to wait.
     *
     * @param failures how often it failed; at least 1
     */
    static Duration after(int failures) {
        Duration wait = INITIAL.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        return spread(wait.compareTo(MAXIMUM) > 0 ? MAXIMUM : wait);
    }

    /** Returns how long what could not be tried waits. */
    static Duration busy() {
        return spread(BUSY);
    }

    /** Returns how long what was refused for good waits until it is tried again. */
    static Duration parked() {
        return spread(PARKED);
    }

    /** Shortens at random, so that what failed together does not come back together. */
    private static Duration spread(Duration wait) {
        return Duration.ofNanos((long)
                (wait.toNanos() * (1 - SPREAD * ThreadLocalRandom.current().nextDouble())));
    }
}
