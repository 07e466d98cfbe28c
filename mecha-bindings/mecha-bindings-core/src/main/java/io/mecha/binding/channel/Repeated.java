// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A count of failures of one kind, which are told at the first, and then once a minute with their number: a broker that is away fails
 * for every event that is on its way, again and again.
 */
public final class Repeated {

    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final LongAdder count = new LongAdder();
    private final LongSupplier nanos;
    private final AtomicLong next;

    public Repeated() {
        this(System::nanoTime);
    }

    /**
     * @param nanos a clock that nobody sets
     */
    public Repeated(LongSupplier nanos) {
        this.nanos = nanos;
        this.next = new AtomicLong(nanos.getAsLong());
    }

    /** Counts a failure; returns how many there were since the last that was told, or 0 if this one is not to be told. */
    public long add() {
        count.increment();
        long now = nanos.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PAUSE) ? count.sumThenReset() : 0;
    }
}
