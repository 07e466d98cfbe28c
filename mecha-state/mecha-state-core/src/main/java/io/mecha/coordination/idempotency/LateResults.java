// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import io.mecha.runtime.Troubles;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.TransactionResult;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The results of calls whose write has failed, to be written again until the backend takes them or another call has the key; bounded in
 * number and in time. Thread-safe.
 */
final class LateResults {

    /** The most that wait; with {@link Execution#LARGEST_LATE_RESULT} the bound of the memory that they take. */
    static final int MOST = 1_000;

    /** How long one waits at most. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(LateResults.class);
    static final String NAME = "The late result of an idempotent call";

    private final Transactions transactions;
    private final LongSupplier nanos;
    private final Consumer<Lease> ended;
    private final Queue<Late> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /** A write that is to be repeated. */
    private record Late(Lease lease, List<Operation> operations, long end) {}

    /**
     * Make a list without results.
     *
     * @param transactions write them
     * @param nanos a clock that nobody sets
     * @param ended is told the lease of each result that waits no longer
     */
    LateResults(Transactions transactions, LongSupplier nanos, Consumer<Lease> ended) {
        this.transactions = transactions;
        this.nanos = nanos;
        this.ended = ended;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Adds a write that has failed. */
    void add(Lease lease, List<Operation> operations, Duration memory) {
        if (size.incrementAndGet() > MOST) {
            size.decrementAndGet();
            giveUp(lease, "as too many others wait");
            return;
        }
        Duration longest = memory.compareTo(LONGEST) < 0 ? memory : LONGEST;
        waiting.add(new Late(lease, operations, nanos.getAsLong() + longest.toNanos()));
    }

    /** Writes what waits, up to the first write that does not reach the backend. */
    void write() {
        boolean failing = false;
        for (Late late : waiting) {
            if (late.end() - nanos.getAsLong() < 0) {
                if (remove(late)) {
                    giveUp(late.lease(), "for longer than it is tried");
                }
                continue;
            }
            try {
                // Whatever it says: the call is known now, or another one has the key.
                TransactionResult unused = transactions.execute(late.operations());
                if (remove(late)) {
                    ended.accept(late.lease());
                }
            } catch (StateUnavailableException away) {
                Troubles.failed(NAME, away);
                return;
            } catch (RuntimeException failure) { // allow CatchException: the others may be written
                failing = true;
                Troubles.failed(NAME, failure);
            }
        }
        if (!failing) {
            Troubles.over(NAME);
        }
    }

    /** Writes once more what waits; nothing is tried here any more. */
    void end() {
        write();
        Troubles.over(NAME);
    }

    private boolean remove(Late late) {
        boolean removed = waiting.remove(late);
        if (removed) {
            size.decrementAndGet();
        }
        return removed;
    }

    private void giveUp(Lease lease, String reason) {
        LOG.warn(
                "The result of an idempotent call could not be kept {}; a call with the same key may run again.",
                reason);
        ended.accept(lease);
    }
}
