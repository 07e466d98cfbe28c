// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.runtime.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A count of messages that were put aside and that the backend has taken back, each for as long as it takes until it comes again.
 *
 * <p>Needs no memory for each: those of one second are counted off together.
 */
public final class TakenBack {

    private static final Duration TOGETHER = Duration.ofSeconds(1);

    private final Timers timers;
    private final LongAdder parked;
    private final AtomicInteger fresh = new AtomicInteger();

    /**
     * Count messages in a gauge.
     *
     * @param timers runs what counts them off
     * @param parked the count that goes up and down
     */
    public TakenBack(Timers timers, LongAdder parked) {
        this.timers = timers;
        this.parked = parked;
    }

    /** Count a message; count it off after {@link Pauses#PARKED} and at most a second. Thread-safe. */
    public void add() {
        parked.increment();
        if (fresh.getAndIncrement() == 0) {
            timers.after(TOGETHER, this::countOffLater);
        }
    }

    private void countOffLater() {
        int count = fresh.getAndSet(0);
        timers.after(Pauses.PARKED, () -> parked.add(-count));
    }
}
