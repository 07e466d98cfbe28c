// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import io.mecha.runtime.BackgroundLoop;
import io.mecha.runtime.Troubles;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The renewal of the leases of all calls that run, one request a round, and the second writes of their results, on a thread that is
 * there while the engine is used.
 */
final class LeaseKeeper implements AutoCloseable {

    private static final String NAME = "mecha-idempotency";
    private static final int ROUNDS = 3;

    /** How often results are written again. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Duration ENDING = Duration.ofSeconds(1);

    private final Leases leases;
    private final Duration timeToLive;
    private final Set<Lease> held = ConcurrentHashMap.newKeySet();
    private final Queue<Lease> over = new ConcurrentLinkedQueue<>();
    private final LateResults late;
    private final BackgroundLoop loop;

    LeaseKeeper(Leases leases, Transactions transactions, Duration timeToLive) {
        this.leases = leases;
        this.late = new LateResults(transactions, System::nanoTime, this::drop);
        this.timeToLive = timeToLive;
        this.loop = new BackgroundLoop(NAME, timeToLive.dividedBy(ROUNDS), this::round);
    }

    void keep(Lease lease) {
        held.add(lease);
        loop.start();
    }

    /** Renews no longer. */
    void drop(Lease lease) {
        held.remove(lease);
    }

    /** Ends a lease now; if that fails, it ends by itself. */
    void release(Lease lease) {
        drop(lease);
        try {
            boolean unused = leases.release(lease);
        } catch (RuntimeException failure) { // The lease ends by itself.
            Troubles.failed(NAME, failure);
        }
    }

    /** Ends a lease soon, for callers in the middle of the end of a transaction. */
    void releaseLater(Lease lease) {
        drop(lease);
        over.add(lease);
        loop.wake();
    }

    /** Repeats the write of a result that has failed, and renews its lease meanwhile. */
    void later(Lease lease, List<Operation> operations, Duration memory) {
        late.add(lease, operations, memory);
        loop.wake();
    }

    private Duration round() {
        for (Lease lease = over.poll(); lease != null; lease = over.poll()) {
            release(lease);
        }
        try {
            renew();
        } finally {
            late.write();
        }
        Duration rest = timeToLive.dividedBy(ROUNDS);
        return late.isEmpty() || rest.compareTo(RETRY) < 0 ? rest : RETRY;
    }

    private void renew() {
        if (!held.isEmpty()) {
            Map<Lease, Duration> all = new HashMap<>();
            held.forEach((lease) -> all.put(lease, timeToLive));
            // A lease that is over is found out by its fence.
            Set<Lease> lost = new LinkedHashSet<>(all.keySet());
            lost.removeAll(leases.renew(Collections.unmodifiableMap(all)));
            held.removeAll(lost);
        }
    }

    /** Leaves the leases of calls that run to their end, so that nobody else runs beside them. */
    @Override
    public void close() {
        boolean unused = loop.close(ENDING);
        late.end();
        over.forEach(this::release);
    }
}
