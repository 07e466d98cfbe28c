// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.runtime.Backoff;
import io.mecha.runtime.Timers;
import io.mecha.runtime.Troubles;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/** The leases that could not be given back at once: it is tried again in the background, until they have ended by themselves. */
final class Farewells {

    private static final String WORK = "The release of a lock or leader";
    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(2)).shortened(0.5);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Leases leases;
    private final Timers timers;
    private final ExecutorService threads;
    private final Set<Farewell> pending = ConcurrentHashMap.newKeySet();

    Farewells(Leases leases, Timers timers, ExecutorService threads) {
        this.leases = leases;
        this.timers = timers;
        this.threads = threads;
    }

    /** Give a lease back, but keep it from others until some nanosecond. */
    void release(Lease lease, long until, Duration keep) {
        long kept = timers.time().nanos() + keep.toNanos();
        begin(new Farewell(until, () -> {
            Duration left = Duration.ofNanos(kept - timers.time().nanos());
            if (left.compareTo(SHORTEST) < 0) {
                leases.release(lease);
            } else {
                leases.renew(Map.of(lease, left));
            }
        }));
    }

    /** End what an owner may have, though its token is not known: the same owner asks again, and for next to no time. */
    void abandon(String name, String owner, long until) {
        begin(new Farewell(until, () -> leases.acquire(name, owner, SHORTEST)));
    }

    private void begin(Farewell farewell) {
        pending.add(farewell);
        execute(farewell);
    }

    private void execute(Farewell farewell) {
        try {
            threads.execute(farewell);
        } catch (RejectedExecutionException closed) {
            pending.remove(farewell); // the lease ends by itself
        }
    }

    /** Try all that are left once more, on threads that end after that. */
    void close() {
        pending.forEach(this::execute);
    }

    /** Something to tell the backend, until some nanosecond. */
    private final class Farewell implements Runnable {

        private final long until;
        private final Runnable call;
        private int failures;

        Farewell(long until, Runnable call) {
            this.until = until;
            this.call = call;
        }

        @Override
        public void run() {
            try {
                call.run();
                pending.remove(this);
                Troubles.over(WORK);
            } catch (Throwable failure) { // allow CatchException: tried again, and the lease ends without
                failures++;
                Troubles.failed(WORK, failure);
                if (timers.time().nanos() - until >= 0) {
                    pending.remove(this);
                } else {
                    timers.after(PAUSES.after(failures), () -> execute(this));
                }
            }
        }
    }
}
