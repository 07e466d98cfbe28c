// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.runtime.ElapsedTime;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a backend in memory: a compare-and-set of the name's {@link Term}, without a lock.
 *
 * <p>Leases end by elapsed time, whatever is done to the clock. A transaction counts itself into the terms of its fences, and out when
 * it is over; a term that is counted into can be renewed and ended but not followed by another grant.
 */
final class MemoryLeases implements Leases {

    private static final long IDLE_NANOS = TimeUnit.DAYS.toNanos(IDLE_DAYS);
    private static final int FEW = 1_024;

    /** So many names, and those that ended in the last hour, are as many as are remembered. */
    static final int MOST = 100_000;

    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private final MemoryStateBackend backend;
    private final InstantSource clock;
    private final ElapsedTime time;
    private final ConcurrentMap<String, Term> terms = new ConcurrentHashMap<>();

    /** The highest token of the names that were forgotten. */
    private final AtomicLong forgotten = new AtomicLong();

    /** How many names there are when it is time to look for idle ones. */
    private final AtomicInteger many = new AtomicInteger(FEW);

    MemoryLeases(MemoryStateBackend backend, InstantSource clock, ElapsedTime time) {
        this.backend = backend;
        this.clock = clock;
        this.time = time;
    }

    @Override
    public LeaseResult acquire(String name, String owner, Duration timeToLive) {
        backend.requireOpen();
        while (true) {
            Term term = terms.get(name);
            long now = time.nanos();
            long end = now + timeToLive.toNanos();
            Term next;
            if (term != null && term.isLive(now)) {
                if (!term.isOf(owner)) {
                    return new Held(Duration.ofNanos(term.end() - now));
                }
                next = term.until(end);
            } else if (term != null && term.isFenced()) {
                return new Held(Duration.ZERO);
            } else {
                next = Term.granted(owner, nextToken(term), end);
            }
            if (replace(name, term, next)) {
                if (term == null) {
                    forgetIdle(now);
                }
                return new Granted(next.token(), timeToLive);
            }
        }
    }

    private long nextToken(@Nullable Term term) {
        Instant now = clock.instant();
        long micros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano());
        return Math.max(micros, (term == null ? forgotten.get() : term.token()) + 1);
    }

    private boolean replace(String name, @Nullable Term term, Term next) {
        return term == null ? terms.putIfAbsent(name, next) == null : terms.replace(name, term, next);
    }

    @Override
    public Set<Lease> renew(Map<Lease, Duration> leases) {
        backend.requireOpen();
        Set<Lease> renewed = new HashSet<>();
        leases.forEach((lease, timeToLive) -> {
            if (end(lease, timeToLive)) {
                renewed.add(lease);
            }
        });
        return renewed;
    }

    @Override
    public boolean release(Lease lease) {
        backend.requireOpen();
        return end(lease, Duration.ZERO);
    }

    /** Let a lease end some time from now, unless it has ended. */
    private boolean end(Lease lease, Duration fromNow) {
        while (true) {
            Term term = terms.get(lease.name());
            long now = time.nanos();
            if (term == null || term.token() != lease.token() || !term.isOf(lease.owner()) || !term.isLive(now)) {
                return false;
            }
            if (terms.replace(lease.name(), term, term.until(now + fromNow.toNanos()))) {
                return true;
            }
        }
    }

    /**
     * Let no grant follow the one with a token until {@link #leave}.
     *
     * @return what is known of the name, with the newest token; {@code null} if nothing is
     */
    @Nullable Term enter(String name, long token) {
        return change(name, token, Term::withFence);
    }

    /** Let grants follow again. */
    void leave(String name, long token) {
        change(name, token, Term::withoutFence);
    }

    private @Nullable Term change(String name, long token, UnaryOperator<Term> change) {
        while (true) {
            Term term = terms.get(name);
            if (term == null || term.token() != token || terms.replace(name, term, change.apply(term))) {
                return term;
            }
        }
    }

    /**
     * Forget names that have been idle for long, each time that there are twice as many as the last time left; where that leaves too many
     * to remember, those that have been idle for an hour. Their tokens go on to rise.
     */
    private void forgetIdle(long now) {
        int limit = many.get();
        if (terms.size() <= limit || !many.compareAndSet(limit, Integer.MAX_VALUE)) {
            return;
        }
        forget(now - IDLE_NANOS);
        if (terms.size() > MOST / 2) {
            forget(now - HOUR_NANOS);
        }
        many.set(Math.max(FEW, 2 * terms.size()));
    }

    /** Forget names whose lease ended by some nanosecond of elapsed time. */
    void forget(long before) {
        terms.forEach((name, term) -> {
            if (term.end() <= before && !term.isFenced()) {
                forgotten.accumulateAndGet(term.token(), Math::max);
                terms.remove(name, term);
            }
        });
    }

    /** Return how many names are remembered. */
    int count() {
        return terms.size();
    }

    void clear() {
        terms.clear();
    }
}
