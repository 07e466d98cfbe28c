// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stand still until told to move.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public final class TestClock implements InstantSource {

    private final AtomicReference<Instant> now;

    /** Start at midnight of 1 January 2026, UTC. */
    public TestClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /**
     * Start at an instant.
     *
     * @param start what the clock shows first
     */
    public TestClock(Instant start) {
        this.now = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /**
     * Move the clock forward.
     *
     * @param duration how far; not negative
     * @return what the clock shows now
     */
    public Instant advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Time does not go back, but was asked to by " + duration);
        }
        return now.updateAndGet(instant -> instant.plus(duration));
    }
}
