// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.StateBackendException;
import io.mecha.state.StateContentionException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.connection.SqlErrors;
import io.mecha.state.jdbc.sql.Row;
import io.mecha.state.jdbc.sql.RowWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A queue of concurrent puts that share one statement and one commit, with each caller waiting for it.
 *
 * <p>A caller adds its row to a queue. If fewer than {@value #BATCHES} batches are on their way it leads one: it takes what
 * waits, its own row included, writes it and wakes the others. Otherwise it parks until its row is written or it is its turn
 * to lead. So there are no threads and no timers, a lone caller writes at once and by the shortest way, and batches grow by
 * themselves as callers come faster than commits. Rows are written in key order, so that batches wait for each other
 * instead of deadlocking; of several rows for one key the last one stays.
 *
 * <p>Sources: flat combining (Hendler, Incze, Shavit, Tzafrir, 2010), group commit (Gawlick, Kinkade, 1985).
 */
final class GroupCommit {

    private static final int BATCHES = 2;
    private static final int ROWS = 256;
    private static final int BYTES = 4 * 1024 * 1024;

    private final Calls calls;
    private final SqlErrors errors;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final Semaphore permits = new Semaphore(BATCHES);

    GroupCommit(Calls calls, SqlErrors errors) {
        this.calls = calls;
        this.errors = errors;
    }

    /** A caller that waits for its row. */
    private static final class Waiting {

        private final Row row;
        private final Thread caller = Thread.currentThread();
        private volatile boolean done;
        private @Nullable RuntimeException failure;

        Waiting(Row row) {
            this.row = row;
        }

        void end(@Nullable RuntimeException reason) {
            failure = reason;
            done = true;
            if (caller != Thread.currentThread()) {
                LockSupport.unpark(caller);
            }
        }
    }

    /** Write a row whatever is there. */
    WriteResult put(Row row) {
        Waiting mine = new Waiting(row);
        queue.add(mine);
        boolean interrupted = false;
        while (!mine.done) {
            if (permits.tryAcquire()) {
                try {
                    lead();
                } catch (Error e) {
                    queue.remove(mine); // nobody waits for it any more
                    throw e;
                } finally {
                    permits.release();
                    handOver();
                }
            } else if (!mine.done) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
        return new WriteResult.Written(row.version());
    }

    /** The first caller that still waits sees the permit now, or is already led by somebody who hands over later. */
    private void handOver() {
        Waiting next = queue.peek();
        if (next != null) {
            LockSupport.unpark(next.caller);
        }
    }

    private void lead() {
        List<Waiting> batch = new ArrayList<>();
        long bytes = 0;
        Waiting next;
        while (batch.size() < ROWS && bytes < BYTES && (next = queue.poll()) != null) {
            batch.add(next);
            bytes += next.row.value().length;
        }
        try {
            if (batch.size() == 1) {
                one(batch.get(0));
            } else if (!batch.isEmpty()) {
                many(batch);
            }
        } finally {
            batch.forEach(this::abandon);
        }
    }

    /** Whatever ended the leader, nobody waits for it in vain, and nobody is told of a commit that was not seen. */
    private void abandon(Waiting waiting) {
        if (!waiting.done) {
            waiting.end(errors.unknown());
        }
    }

    private void one(Waiting waiting) {
        try {
            calls.write("write", waiting.row.key(), session -> RowWrites.put(session, waiting.row));
            waiting.end(null);
        } catch (RuntimeException e) {
            waiting.end(e);
        }
    }

    private void many(List<Waiting> batch) {
        Map<String, Row> rows = new TreeMap<>();
        batch.forEach(waiting -> rows.put(waiting.row.key(), waiting.row));
        try {
            calls.write("write", rows.keySet(), session -> {
                session.putAll(List.copyOf(rows.values()));
                return true;
            });
            batch.forEach(waiting -> waiting.end(null));
        } catch (StateBackendException | StateContentionException e) {
            batch.forEach(this::one); // one of them is to blame: let it fail alone
        } catch (StateUnavailableException e) {
            batch.forEach(waiting -> waiting.end(errors.again(e)));
        } catch (RuntimeException e) {
            batch.forEach(waiting -> waiting.end(e));
        }
    }
}
