// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.runtime.BorrowedThreads;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The removal of expired values that are not read again.
 *
 * <p>While a value is stored that expires, all slots are looked at once a second, or less often if there are so many that
 * this would take more than a hundredth of a thread. Borrows a thread from the JVM and keeps none; forgets a backend that
 * nobody else remembers.
 */
final class Sweeper {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int PAUSES_PER_SWEEP = 100;

    private final Slots slots;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Sweeper(Slots slots) {
        this.slots = slots;
    }

    /** Learn that a value was stored that expires. */
    void expect() {
        if (!scheduled.get()) {
            schedule(PAUSE);
        }
    }

    private void schedule(Duration pause) {
        if (scheduled.compareAndSet(false, true)) {
            WeakReference<Sweeper> reference = new WeakReference<>(this);
            BorrowedThreads.runAfter(pause, () -> sweep(reference));
        }
    }

    private static void sweep(WeakReference<Sweeper> reference) {
        Sweeper sweeper = reference.get();
        if (sweeper != null) {
            sweeper.sweep();
        }
    }

    private void sweep() {
        // Before looking: a thread that stores a value which this sweep overlooks must find that it has to ask again.
        scheduled.set(false);
        long start = System.nanoTime();
        if (slots.removeExpired()) {
            Duration bearable = Duration.ofNanos(System.nanoTime() - start).multipliedBy(PAUSES_PER_SWEEP);
            schedule(bearable.compareTo(PAUSE) > 0 ? bearable : PAUSE);
        }
    }
}
