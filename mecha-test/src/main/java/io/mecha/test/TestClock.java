// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import io.mecha.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public final class TestClock implements VirtualClock {

    private final AtomicReference<State> state;

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
        this.state = new AtomicReference<>(new State(start, start));
    }

    @Override
    public Instant instant() {
        return state.get().now();
    }

    @Override
    public Instant elapsed() {
        return state.get().elapsed();
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
        return state.updateAndGet(before ->
                        new State(before.now().plus(duration), before.elapsed().plus(duration)))
                .now();
    }

    /**
     * Set the clock, as an administrator does: no time passes.
     *
     * @param difference how far; negative to set it back
     * @return what the clock shows now
     */
    public Instant jump(Duration difference) {
        return state.updateAndGet(before -> new State(before.now().plus(difference), before.elapsed()))
                .now();
    }

    private record State(Instant now, Instant elapsed) {}
}
