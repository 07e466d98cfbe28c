// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.runtime.ElapsedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A rate limit of places in time, evenly spaced; places that are not taken in time are lost. */
final class RateLimit {

    private volatile Duration interval;
    private final ElapsedTime time;
    private final AtomicReference<Instant> next = new AtomicReference<>(Instant.MIN);

    RateLimit(double perSecond, ElapsedTime time) {
        this.interval = interval(perSecond);
        this.time = time;
    }

    private static Duration interval(double perSecond) {
        return Duration.ofNanos((long) (Duration.ofSeconds(1).toNanos() / perSecond));
    }

    /** Changes the distance of the places that follow the next one. */
    void change(double perSecond) {
        interval = interval(perSecond);
    }

    /** Tells whether the next place is there. */
    boolean free() {
        return !next.get().isAfter(time.now());
    }

    /** Takes the next place; {@code false} if it is not there yet. */
    boolean take() {
        Instant now = time.now();
        Instant place = next.get();
        while (!place.isAfter(now)) {
            Instant following = place.plus(interval);
            // A timer that is a little late does not lower the rate; more than one place is never made up for.
            if (next.compareAndSet(place, following.isAfter(now) ? following : now.plus(interval))) {
                return true;
            }
            place = next.get();
        }
        return false;
    }

    /** Takes one more place, wherever in time it is. */
    void charge() {
        next.updateAndGet(place -> place.plus(interval));
    }

    /** Gives a place back that was not used. */
    void giveBack() {
        next.updateAndGet(place -> place.minus(interval));
    }

    /** Returns when the next place is. */
    Instant next() {
        return next.get();
    }
}
