// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time until which a server wants no requests, from whatever channel: as long as it said, and at most an hour, so that a mistake
 * of the other side does not end sending for good.
 *
 * @implNote Source: HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 2.2: after 429 with Retry-After a sender must not send
 *     before that time.
 */
final class Hold {

    static final Duration LONGEST = Duration.ofHours(1);

    private final long start = System.nanoTime();
    private final AtomicLong until = new AtomicLong();

    /** Holds requests for a time from now, or for as long as they are held already. */
    void extend(Duration delay) {
        if (!delay.isZero()) {
            until.accumulateAndGet(now() + (delay.compareTo(LONGEST) > 0 ? LONGEST : delay).toNanos(), Math::max);
        }
    }

    /** Returns how long requests are held; zero if they are not. */
    Duration remaining() {
        long held = until.get();
        return held == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, held - now()));
    }

    private long now() {
        return System.nanoTime() - start;
    }
}
