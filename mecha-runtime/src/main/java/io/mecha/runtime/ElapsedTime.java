// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import io.mecha.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A source of elapsed time, by which delays, timeouts, leases and times to live are measured.
 *
 * <p>It goes on evenly when somebody sets the clock of the machine. Its instants are on a line of their own, which began with what
 * the clock showed: compare them with each other, never with those of a calendar, and neither store nor send them. Thread-safe.
 */
public final class ElapsedTime {

    private final Instant start;
    private final long startNanos;
    private final InstantSource clock;

    private ElapsedTime(InstantSource clock) {
        this.clock = clock;
        this.start = clock instanceof VirtualClock virtual ? virtual.elapsed() : clock.instant();
        this.startNanos = System.nanoTime();
    }

    /**
     * Begin to measure.
     *
     * @param clock what tells the calendar; time passes by it only if it is a {@link VirtualClock}
     * @return a source of elapsed time
     */
    public static ElapsedTime of(InstantSource clock) {
        return new ElapsedTime(clock);
    }

    /**
     * Return what time it is on this line.
     *
     * @return never before what was returned earlier
     */
    public Instant now() {
        return clock instanceof VirtualClock virtual
                ? virtual.elapsed()
                : start.plusNanos(System.nanoTime() - startNanos);
    }

    /**
     * Return how many nanoseconds have passed, for paths where an instant would be too much.
     *
     * @return nanoseconds since this was made
     */
    public long nanos() {
        return clock instanceof VirtualClock virtual
                ? Duration.between(start, virtual.elapsed()).toNanos()
                : System.nanoTime() - startNanos;
    }

    /**
     * Tell whether time passes as a test moves it, so that no thread can wait for it.
     *
     * @return whether the clock is a {@link VirtualClock}
     */
    public boolean isVirtual() {
        return clock instanceof VirtualClock;
    }

    /**
     * Return where an instant of the calendar is on this line, as far as the clock knows now.
     *
     * @param instant an instant of the calendar
     * @return when that is, if nobody sets the clock meanwhile
     */
    public Instant at(Instant instant) {
        return now().plus(Duration.between(clock.instant(), instant));
    }
}
