// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import io.mecha.coordination.CallOvertakenException;
import io.mecha.coordination.idempotency.CallRecord.State;
import io.mecha.runtime.Troubles;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.Precondition;
import io.mecha.state.StateContentionException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Value;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that runs, from its admission until its end; its lease is renewed meanwhile.
 *
 * <p>Every write has the fence of its lease, so that a call that stood still for longer than its lease writes nothing once another one
 * has the key. For one thread at a time.
 *
 * @since 1.0
 */
public final class Execution implements AutoCloseable {

    /** The most bytes of a result that waits in memory until it can be written; of a larger one only waits that the call is done. */
    static final int LARGEST_LATE_RESULT = 64 * 1024;

    private final Idempotency engine;
    private final Lease lease;
    private final byte[] fingerprint;
    private final Duration timeToLive;

    /** The version of the record that says that the call runs; {@code null} if it began inside a transaction, which has written none. */
    private @Nullable String pending;

    /** The version of the last record of the call, or the one before it, that is known to be committed; {@code null} if there is none. */
    private volatile @Nullable String version;

    private boolean written;
    private boolean attempted;
    private volatile boolean marked;
    private volatile boolean over;

    Execution(Idempotency engine, Lease lease, byte[] fingerprint, Duration timeToLive) {
        this.engine = engine;
        this.lease = lease;
        this.fingerprint = fingerprint;
        this.timeToLive = timeToLive;
    }

    Lease lease() {
        return lease;
    }

    byte[] fingerprint() {
        return fingerprint;
    }

    /** Writes that the call runs, if nobody else wrote under the key since it was looked at. */
    boolean begin(@Nullable String version) {
        Precondition unchanged = version == null ? Precondition.ABSENT : Precondition.version(version);
        TransactionResult result = engine.transactions()
                .execute(List.of(fence(), put(CallRecord.of(State.PENDING, fingerprint), unchanged)));
        pending = result instanceof Committed committed ? committed.versions().get(lease.name()) : null;
        version = pending;
        return pending != null;
    }

    /** Begins inside of a transaction, which may have read what was before others wrote. */
    void beginAfter(@Nullable String seen) {
        version = seen;
    }

    /**
     * Keep the result. Inside a transaction of the application that the store joins it commits, or is forgotten, with that one. Outside of
     * one, a write that fails is repeated in the background, and until then the key stays with this call; the caller hears of it once.
     *
     * @param result any bytes
     * @return {@code false} if the result is too large to be kept, so that only the call is remembered
     * @throws CallOvertakenException if another one has taken the key, or a result was kept before; nothing was kept
     * @throws StateUnavailableException if there was no answer; it may have been kept
     */
    public boolean complete(byte[] result) {
        if (result.length > engine.maximumResultSize()) {
            completeWithoutResult();
            return false;
        }
        end(new CallRecord(State.COMPLETE, fingerprint, result));
        return true;
    }

    /**
     * Remember that the call is done, without a result. Joins a transaction as {@link #complete} does.
     *
     * @throws CallOvertakenException if another one has taken the key; nothing was written
     */
    public void completeWithoutResult() {
        end(CallRecord.of(State.DONE, fingerprint));
    }

    private void end(CallRecord last) {
        SurroundingTransaction surrounding = engine.surrounding();
        try {
            String unused = write(last);
        } catch (CallOvertakenException overtaken) {
            throw overtaken;
        } catch (RuntimeException failure) { // allow CatchException: a call that is done is not forgotten
            if (surrounding == null) {
                keepLater(last, failure);
            }
            throw failure;
        }
        written = true;
        if (surrounding == null) {
            finish();
        } else {
            attempted = true;
            surrounding.afterCommit(this::finish);
        }
    }

    private void keepLater(CallRecord last, RuntimeException failure) {
        boolean transientFailure =
                failure instanceof StateUnavailableException || failure instanceof StateContentionException;
        CallRecord late = transientFailure && last.result().length <= LARGEST_LATE_RESULT
                ? last
                : CallRecord.of(State.DONE, fingerprint);
        over = true;
        engine.keeper().later(lease, List.of(fence(), put(late, unchanged())), timeToLive);
    }

    /** Nobody asks for the lease of what is complete, so that it ends by itself. */
    private void finish() {
        over = true;
        engine.keeper().drop(lease);
    }

    /**
     * Mark the call as done with the transaction of the application that is about to commit, so that it never runs again even if its
     * result gets lost. Does nothing outside of transactions that the store joins.
     *
     * @throws CallOvertakenException if another one has taken the key; the transaction must roll back
     */
    public void mark() {
        SurroundingTransaction surrounding = engine.surrounding();
        if (surrounding == null || over) {
            return;
        }
        if (marked) {
            // A call that was overtaken must not commit anything more.
            check(engine.transactions().execute(List.of(fence())));
        } else {
            String next = write(CallRecord.of(State.DONE, fingerprint));
            written = true;
            surrounding.afterCommit(() -> {
                version = next;
                marked = true;
            });
        }
    }

    private @Nullable String write(CallRecord record) {
        TransactionResult result = engine.transactions().execute(List.of(fence(), put(record, unchanged())));
        check(result);
        return result instanceof Committed committed ? committed.versions().get(lease.name()) : null;
    }

    /**
     * Returns what to demand of the record, beside the fence. Since it says that the call runs, only the call itself has written it, unless
     * its result is that of a transaction of which nobody heard how it ended. Inside of a transaction nothing says so, and the one
     * of another call may have been committed since the snapshot that was looked at.
     */
    private Precondition unchanged() {
        if (pending != null && !attempted) {
            return Precondition.NONE;
        }
        String last = version;
        return last == null ? Precondition.ABSENT : Precondition.version(last);
    }

    private static void check(TransactionResult result) {
        if (!result.committed()) {
            throw new CallOvertakenException();
        }
    }

    private Operation fence() {
        return new Fence(lease.name(), lease.token());
    }

    private Mutation.Put put(CallRecord record, Precondition precondition) {
        return new Mutation.Put(lease.name(), Value.of(record.bytes()), timeToLive, precondition);
    }

    /**
     * Forget the call, unless it is complete or has left a mark, so that its key can be used again. Calling it again does nothing. Does not
     * fail if the backend cannot be reached: the lease ends by itself, and what is written of the call in time.
     */
    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        SurroundingTransaction surrounding = engine.surrounding();
        if (surrounding != null && written) {
            // Committed or not, which only the end of the transaction tells.
            surrounding.afterCompletion(() -> engine.keeper().releaseLater(lease));
            return;
        }
        try {
            if (pending != null) {
                // Of another version once there is a mark or a result, also one of which nobody heard that it was
                // committed.
                TransactionResult unused = engine.transactions()
                        .execute(List.of(new Mutation.Remove(lease.name(), Precondition.version(pending))));
            }
        } catch (RuntimeException failure) { // allow CatchException: what the call returned or threw matters more
            Troubles.failed("The end of an idempotent call", failure);
        } finally {
            engine.keeper().release(lease);
        }
    }
}
