// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

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

    /** Count with the clock of the JVM. */
    public Repeated() {
        this(System::nanoTime);
    }

    /**
     * Count with another clock.
     *
     * @param nanos a clock that nobody sets, in nanoseconds
     */
    Repeated(LongSupplier nanos) {
        this.nanos = nanos;
        this.next = new AtomicLong(nanos.getAsLong());
    }

    /**
     * Count a failure. Thread-safe.
     *
     * @return the failures since the last one that was to be logged, with this one; 0 if this one is not to be logged
     */
    public long add() {
        count.increment();
        long now = nanos.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PAUSE) ? count.sumThenReset() : 0;
    }
}
