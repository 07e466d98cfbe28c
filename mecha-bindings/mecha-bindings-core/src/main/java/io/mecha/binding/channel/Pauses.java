// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.runtime.Backoff;
import java.time.Duration;

/** The pauses of what is tried for ever. */
public final class Pauses {

    private static final double SPREAD = 0.2;
    private static final Backoff GROWING =
            Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(30)).shortened(SPREAD);
    private static final Duration BUSY = Duration.ofSeconds(1);

    /** For what was refused for good, in case somebody has changed a limit. */
    public static final Duration PARKED = Duration.ofMinutes(10);

    private Pauses() {}

    /**
     * Returns how long to wait.
     *
     * @param failures how often it failed; at least 1
     */
    public static Duration after(int failures) {
        return GROWING.after(failures);
    }

    /** Returns how long what could not be tried waits. */
    public static Duration busy() {
        return Backoff.shortened(BUSY, SPREAD);
    }

    /** Returns how long what was refused for good waits until it is tried again. */
    public static Duration parked() {
        return Backoff.shortened(PARKED, SPREAD);
    }
}
