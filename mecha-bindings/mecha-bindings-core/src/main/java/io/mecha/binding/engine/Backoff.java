// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import java.time.Duration;

/** Waits longer after each failure, for what is tried for ever. */
final class Backoff {

    private static final Duration INITIAL = Duration.ofMillis(100);
    private static final Duration MAXIMUM = Duration.ofSeconds(30);
    private static final int DOUBLINGS = 9;

    private Backoff() {}

    /**
     * Returns how long to wait.
     *
     * @param failures how often it failed; at least 1
     */
    static Duration after(int failures) {
        Duration wait = INITIAL.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        return wait.compareTo(MAXIMUM) > 0 ? MAXIMUM : wait;
    }
}
