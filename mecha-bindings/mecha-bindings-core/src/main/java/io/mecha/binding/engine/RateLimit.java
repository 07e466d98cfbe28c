// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** Spreads messages evenly over time. */
final class RateLimit {

    private final Duration interval;
    private final InstantSource clock;
    private final AtomicReference<Instant> free = new AtomicReference<>(Instant.MIN);

    RateLimit(double perSecond, InstantSource clock) {
        this.interval = Duration.ofNanos((long) (Duration.ofSeconds(1).toNanos() / perSecond));
        this.clock = clock;
    }

    /** Takes the next place in time and returns when it is; not later than now if nobody is before. */
    Instant reserve() {
        Instant now = clock.instant();
        Instant before = free.getAndUpdate(next -> (next.isBefore(now) ? now : next).plus(interval));
        return before.isBefore(now) ? now : before;
    }
}
