// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A guard that notices that a member of a group stood still for longer than the broker waits for it: after a stopped process, a long
 * garbage collection, or a polling thread that does not come back.
 *
 * <p>Other members may have handled by then what this one still holds. Neither the client nor the broker says so before the next
 * poll, when handlers may have begun with it: elapsed time alone tells at once. The polling thread says in each round that it lives;
 * a thread that is about to begin something looks how long ago that was.
 */
public final class StopGuard {

    private final LongSupplier nanos;
    private volatile long sessionLimit = Long.MAX_VALUE;
    private volatile long pollLimit = Long.MAX_VALUE;
    private volatile long lived;
    private volatile long polled;

    /**
     * Guard a member that has not begun.
     *
     * @param nanos a clock that nobody sets, in nanoseconds
     */
    public StopGuard(LongSupplier nanos) {
        this.nanos = nanos;
        begin(Duration.ofNanos(Long.MAX_VALUE), Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * Begin anew as a member.
     *
     * @param session how long the broker waits for a sign of life of the process
     * @param poll how long it waits for the next poll
     */
    public void begin(Duration session, Duration poll) {
        long now = nanos.getAsLong();
        lived = now;
        polled = now;
        sessionLimit = session.toNanos();
        pollLimit = poll.toNanos();
    }

    /**
     * Say that the polling thread lives.
     *
     * @return {@code false}, for good, if that comes too late
     */
    public boolean lives() {
        if (stood()) {
            return false;
        }
        lived = nanos.getAsLong();
        return true;
    }

    /**
     * Say that the polling thread asked the broker and came back.
     *
     * @param began when it began to ask, by the clock of this guard: the broker waits from then on
     */
    public void polled(long began) {
        polled = began;
    }

    /**
     * Tell whether the broker may have given to others what this member holds.
     *
     * @return whether it stood still for longer than that
     */
    public boolean stood() {
        long now = nanos.getAsLong();
        return now - lived > sessionLimit || now - polled > pollLimit;
    }
}
