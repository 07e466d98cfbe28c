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
     * Return how long to wait before another attempt.
     *
     * @param failures how often it failed; at least 1
     * @return 100 ms at first, doubled for each further failure up to 30 s, less up to 20 % by chance
     */
    public static Duration after(int failures) {
        return GROWING.after(failures);
    }

    /**
     * Return how long to wait after an attempt that could not be made.
     *
     * @return 1 s, less up to 20 % by chance
     */
    public static Duration busy() {
        return Backoff.shortened(BUSY, SPREAD);
    }

    /**
     * Return how long to wait after a refusal for good.
     *
     * @return {@link #PARKED}, less up to 20 % by chance
     */
    public static Duration parked() {
        return Backoff.shortened(PARKED, SPREAD);
    }
}
