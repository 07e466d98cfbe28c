// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.FencingToken;
import io.mecha.coordination.LeaseLostException;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Ids;
import io.mecha.runtime.Threads;
import io.mecha.runtime.Timers;
import io.mecha.runtime.Troubles;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keeper of all leases of this node: it renews them together, and tells when one is lost.
 *
 * <p>One timer looks at the deadlines and never waits for a backend; a round of renewals is one statement on another thread, of which
 * there is at most one at a time. Both are platform threads, so that no crowd of virtual ones keeps them from running.
 */
final class LeaseKeeper {

    private static final String RENEWALS = "The renewal of locks and leaders";
    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(2)).shortened(0.5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(Leases.MAXIMUM_DAYS);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final String store;
    private final Leases leases;
    private final ElapsedTime time;
    private final Timers timers;
    private final ExecutorService threads = Threads.platform("mecha-lease");
    private final ExecutorService callbacks = Threads.unbounded("mecha-coordination");
    private final Farewells farewells;
    private final Ids owners = new Ids();
    private final CoordinationStatistics statistics = new CoordinationStatistics();
    private final Set<KeptLease> kept = ConcurrentHashMap.newKeySet();

    /** One renewal at a time, so that an older and shorter one never follows a newer. */
    private final ReentrantLock renewing = new ReentrantLock();

    private final AtomicBoolean inRound = new AtomicBoolean();
    private final ReentrantLock planning = new ReentrantLock();
    private long planned = Long.MAX_VALUE;
    private int failures;
    private volatile long notBefore;
    private volatile boolean closed;

    LeaseKeeper(String store, Leases leases, ElapsedTime time) {
        this.store = store;
        this.leases = leases;
        this.time = time;
        this.timers = new Timers("mecha-lease-timer", time);
        this.notBefore = time.nanos();
        this.farewells = new Farewells(leases, timers, threads);
    }

    /** The answer to a request: what was granted, or how long somebody else has it. */
    record Answer(@Nullable KeptLease lease, Duration remaining) {}

    ElapsedTime time() {
        return time;
    }

    Timers timers() {
        return timers;
    }

    /** Return what runs the code of applications. */
    ExecutorService callbacks() {
        return callbacks;
    }

    CoordinationStatistics statistics() {
        return statistics;
    }

    boolean isClosed() {
        return closed;
    }

    int count() {
        return kept.size();
    }

    /** Return for how long the lease lasts that ends first; zero if there is none. */
    Duration remaining() {
        return kept.stream().map(KeptLease::remaining).min(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Do nothing any more, as a process that was killed. */
    void freeze() {
        timers.close();
    }

    /** Make the text of an owner that was not there before. */
    String newOwner() {
        return owners.next();
    }

    /** Ask for a lease, on this thread; again with the same owner if the answer was lost. */
    Answer ask(String name, String leaseName, String owner, KeptLease.Terms terms) {
        long asked = time.nanos();
        LeaseResult result = leases.acquire(leaseName, owner, terms.span());
        if (result instanceof Held held) {
            return new Answer(null, held.remaining());
        }
        Granted granted = (Granted) result;
        Duration left = granted.remaining().plusNanos(time.nanos() - asked); // from when it was asked for
        KeptLease lease = new KeptLease(
                name,
                new Lease(leaseName, owner, granted.token()),
                new FencingToken(store, leaseName, granted.token()),
                terms,
                asked,
                left.compareTo(terms.span()) < 0 ? left : terms.span(),
                time,
                callbacks);
        kept.add(lease);
        if (closed) {
            end(lease, Duration.ZERO);
        } else {
            plan(lease.next(false));
        }
        return new Answer(lease, Duration.ZERO);
    }

    /** Give back what may have been granted, though no answer came. */
    void abandon(String leaseName, String owner, Duration span) {
        farewells.abandon(leaseName, owner, time.nanos() + span.toNanos());
    }

    /**
     * Give a lease back; does not throw.
     *
     * @param keep for how long nobody is to get it yet; zero or less for no time
     */
    void end(KeptLease lease, Duration keep) {
        KeptLease.State before = lease.end();
        forget(lease);
        if (before == KeptLease.State.HELD) {
            try {
                if (keep.compareTo(SHORTEST) < 0) {
                    leases.release(lease.lease());
                } else {
                    renew(Map.of(lease.lease(), keep));
                }
            } catch (RuntimeException failure) { // allow CatchException: a release never fails its caller
                farewells.release(lease.lease(), lastEnd(lease), keep);
            }
        } else if (before == KeptLease.State.LAPSED && !closed) {
            farewells.release(lease.lease(), lastEnd(lease), keep);
        }
    }

    /** Return when it ends at the latest, should it have been renewed a moment ago without an answer. */
    private long lastEnd(KeptLease lease) {
        long now = time.nanos();
        return now + lease.span(now).toNanos();
    }

    /** Make a lease last longer, with one statement on this thread. */
    void extend(KeptLease lease, Duration atLeast) {
        Duration longer = atLeast.plus(atLeast.dividedBy(50)); // so that the earlier deadline here is late enough
        Duration span = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
        renewing.lock(); // before the time is taken, so that no shorter renewal comes in between
        try {
            lease.assertValid();
            long asked = time.nanos();
            lease.want(asked + span.toNanos());
            if (!leases.renew(Map.of(lease.lease(), lease.span(asked))).contains(lease.lease())) {
                lost(lease);
                lease.assertValid();
            }
            lease.renewed(asked, span);
        } finally {
            renewing.unlock();
        }
        if (!lease.isValid()) {
            throw new LeaseLostException(lease.lease().name(), lease.token(), "it ended before it was extended");
        }
    }

    private Set<Lease> renew(Map<Lease, Duration> asked) {
        renewing.lock();
        try {
            return leases.renew(asked);
        } finally {
            renewing.unlock();
        }
    }

    private void forget(KeptLease lease) {
        if (kept.remove(lease) && lease.state() != KeptLease.State.ENDED && !closed) {
            statistics.lost().increment();
        }
    }

    private void lost(KeptLease lease) {
        lease.taken();
        forget(lease);
    }

    /** See that the timer looks no later than at an instant. */
    private void plan(long at) {
        planning.lock();
        try {
            if (at < planned && !closed) {
                planned = at;
                timers.after(Duration.ofNanos(Math.max(0, at - time.nanos())), () -> look(at));
            }
        } finally {
            planning.unlock();
        }
    }

    private void look(long at) {
        planning.lock();
        try {
            if (at != planned) {
                return; // an earlier look has planned anew
            }
            planned = Long.MAX_VALUE;
        } finally {
            planning.unlock();
        }
        long next = at + LOOK_AGAIN.toNanos(); // should something unexpected be thrown
        try {
            next = lookAtAll();
        } finally {
            plan(next);
        }
    }

    /** Look at every lease, and begin a round if one is due; returns when to look again. */
    private long lookAtAll() {
        long now = time.nanos();
        boolean wait = now - notBefore < 0;
        boolean overdue = false;
        for (KeptLease lease : kept) {
            if (!lease.look()) {
                forget(lease);
            }
        }
        for (KeptLease lease : kept) {
            overdue = overdue || lease.isOverdue(now);
        }
        if (overdue && !wait && inRound.compareAndSet(false, true)) {
            threads.execute(this::round);
        }
        long next = wait && !kept.isEmpty() ? notBefore : Long.MAX_VALUE; // the renewals are left out until then
        boolean without = wait || inRound.get();
        for (KeptLease lease : kept) {
            next = Math.min(next, lease.next(without));
        }
        return next;
    }

    private void round() {
        try {
            renewTogether();
            failures = 0;
            Troubles.over(RENEWALS);
        } catch (Throwable failure) { // allow CatchException: leases last until their deadline, and are tried again
            failures++;
            statistics.unrenewed().increment();
            Troubles.failed(RENEWALS, failure);
            notBefore = time.nanos() + PAUSES.after(failures).toNanos();
        } finally {
            inRound.set(false);
            plan(Math.max(time.nanos(), notBefore));
        }
    }

    private void renewTogether() {
        renewing.lock();
        try {
            long asked = time.nanos();
            Map<Lease, KeptLease> due = new HashMap<>();
            Map<Lease, Duration> spans = new HashMap<>();
            for (KeptLease lease : kept) {
                if (lease.isDue(asked) && lease.isValid()) {
                    due.put(lease.lease(), lease);
                    spans.put(lease.lease(), lease.span(asked));
                }
            }
            if (due.isEmpty()) {
                return;
            }
            Set<Lease> renewed = leases.renew(spans);
            due.forEach((lease, own) -> {
                if (renewed.contains(lease)) {
                    own.renewed(asked, Objects.requireNonNull(spans.get(lease)));
                } else {
                    lost(own);
                }
            });
        } finally {
            renewing.unlock();
        }
    }

    /** End. What is still held is not given back, because its holders may not have ended their work: it ends with its lease. */
    void close(Duration budget) {
        closed = true;
        for (KeptLease lease : kept) {
            if (lease.isValid()) {
                lease.lapse("locks and leaders of this node were closed");
            }
        }
        kept.clear();
        farewells.close();
        timers.close();
        threads.shutdown();
        callbacks.shutdown();
        try {
            boolean unused = threads.awaitTermination(budget.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        Troubles.over(RENEWALS); // nothing is renewed here any more
    }
}
