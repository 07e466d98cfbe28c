// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The schedule of a timer. */
interface Schedule {

    /** Returns the first instant after another, which was one itself or where the schedule begins; {@code null} for never. */
    @Nullable Instant next(Instant after);

    /** Returns the last instant after one and not after another; {@code null} if there is none. */
    default @Nullable Instant latest(Instant after, Instant now) {
        Instant from = after;
        for (Duration window = Duration.ofSeconds(1);
                now.minus(window).isAfter(after);
                window = window.multipliedBy(8)) {
            Instant candidate = next(now.minus(window));
            if (candidate != null && !candidate.isAfter(now)) {
                from = now.minus(window);
                break;
            }
        }
        Instant latest = null;
        Instant candidate = next(from);
        while (candidate != null && !candidate.isAfter(now)) {
            latest = candidate;
            candidate = next(candidate);
        }
        return latest;
    }

    /** A schedule with the same duration between runs. */
    record FixedRate(Duration rate) implements Schedule {

        @Override
        public Instant next(Instant after) {
            return after.plus(rate);
        }

        @Override
        public @Nullable Instant latest(Instant after, Instant now) {
            if (now.isBefore(after.plus(rate))) {
                return null;
            }
            return after.plus(rate.multipliedBy(Duration.between(after, now).dividedBy(rate)));
        }

        /** Returns the text that says whether two schedules are the same. */
        @Override
        public String toString() {
            return rate.toString();
        }
    }
}
