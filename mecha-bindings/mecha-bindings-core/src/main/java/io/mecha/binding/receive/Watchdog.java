// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The watch over the time limits of handlers. One timer for all of them, since all that begin at a time may take equally long. */
final class Watchdog {

    private volatile Duration timeout;
    private final ElapsedTime time;
    private final Timers timers;
    private final Set<Watch> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean armed = new AtomicBoolean();

    Watchdog(Duration timeout, ElapsedTime time, Timers timers) {
        this.timeout = timeout;
        this.time = time;
        this.timers = timers;
    }

    Duration timeout() {
        return timeout;
    }

    /** Changes the limit of handlers that begin from now on; those that run are looked at when the one before them is due. */
    void timeout(Duration changed) {
        timeout = changed;
    }

    /** Begins to watch the calling thread. */
    Watch thread() {
        Thread thread = Thread.currentThread();
        return watch(thread::interrupt);
    }

    /** Begins to watch. */
    Watch watch(Runnable end) {
        Watch watch = new Watch(time.now().plus(timeout), end);
        running.add(watch);
        if (armed.compareAndSet(false, true)) {
            timers.at(watch.due, this::look);
        }
        return watch;
    }

    private void look() {
        Instant now = time.now();
        Instant next = null;
        for (Iterator<Watch> watches = running.iterator(); watches.hasNext(); ) {
            Watch watch = watches.next();
            if (!watch.due.isAfter(now)) {
                watch.expire();
                watches.remove();
            } else if (next == null || watch.due.isBefore(next)) {
                next = watch.due;
            }
        }
        if (next != null) {
            timers.at(next, this::look);
            return;
        }
        armed.set(false);
        if (!running.isEmpty() && armed.compareAndSet(false, true)) {
            timers.at(now, this::look);
        }
    }

    /** One handler that runs. */
    final class Watch {

        private static final int RUNNING = 0;
        private static final int ENDED = 1;
        private static final int EXPIRING = 2;
        private static final int EXPIRED = 3;

        private final Instant due;
        private final Runnable end;
        private final AtomicInteger state = new AtomicInteger(RUNNING);

        private Watch(Instant due, Runnable end) {
            this.due = due;
            this.end = end;
        }

        private void expire() {
            if (state.compareAndSet(RUNNING, EXPIRING)) {
                end.run();
                state.set(EXPIRED);
            }
        }

        /** Ends the watching, wherever it is called. */
        void forget() {
            running.remove(this);
            state.compareAndSet(RUNNING, ENDED);
        }

        /** Ends the watching, so that no interrupt comes any more; tells whether the time was over. */
        boolean end() {
            running.remove(this);
            if (state.compareAndSet(RUNNING, ENDED)) {
                return false;
            }
            while (state.get() == EXPIRING) {
                Thread.onSpinWait();
            }
            return true;
        }
    }
}
