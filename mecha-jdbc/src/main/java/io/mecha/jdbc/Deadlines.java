// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Threads;
import io.mecha.runtime.Timers;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch over the deadlines of running statements.
 *
 * <p>A driver that has a timer for each statement wakes a thread for each, which costs a twentieth of a write. Here one look
 * every tenth of a second serves all, and a statement costs an entry in a set. To cancel is to send the server a message
 * about a connection, not about a statement: one that comes late would end what runs next on that connection. So a call that
 * is being cancelled does not end before the message is delivered, and one that has ended is not cancelled.
 */
public final class Deadlines {

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int RUNNING = 0;
    private static final int CANCELLING = 1;
    private static final int ENDED = 2;

    private final Timers timers;
    private final Executor cancels;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** Prepare a watch, which has no thread yet. */
    public Deadlines() {
        this(ElapsedTime.of(InstantSource.system()), Threads.unbounded("mecha-jdbc-cancel"));
    }

    Deadlines(ElapsedTime time, Executor cancels) {
        this.timers = new Timers("mecha-jdbc-deadlines", time);
        this.cancels = cancels;
    }

    /** A statement that runs until it is closed, on the thread that began it. */
    public final class Call implements AutoCloseable {

        private final Statement statement;
        private final long deadline;
        private final AtomicInteger state = new AtomicInteger(RUNNING);
        private volatile @Nullable Thread waiting;

        private Call(Statement statement, long deadline) {
            this.statement = statement;
            this.deadline = deadline;
        }

        private void cancelIfLate(long now) {
            if (now - deadline >= 0 && state.compareAndSet(RUNNING, CANCELLING)) {
                try {
                    cancels.execute(this::cancel);
                } catch (Throwable e) { // allow CatchException: without a thread nobody else would end the call
                    LOG.debug("A statement was not cancelled; the timeout of its connection ends it", e);
                    cancelled();
                }
            }
        }

        private void cancel() {
            try {
                statement.cancel();
            } catch (SQLException | RuntimeException e) {
                LOG.debug("A statement was not cancelled; the timeout of its connection ends it", e);
            } finally {
                cancelled();
            }
        }

        private void cancelled() {
            state.set(ENDED);
            LockSupport.unpark(waiting);
        }

        /** End the call, after a cancellation that is under way. */
        @Override
        public void close() {
            calls.remove(this);
            if (!state.compareAndSet(RUNNING, ENDED)) {
                awaitCancelled();
            }
        }

        private void awaitCancelled() {
            boolean interrupted = false;
            waiting = Thread.currentThread();
            while (state.get() != ENDED) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Watch a statement that is about to run.
     *
     * @param statement the statement
     * @param seconds how long it may take; it is cancelled within a tenth of a second after that
     * @return the call, to close when the statement has run and before its connection is used again
     */
    public Call begin(Statement statement, int seconds) {
        return begin(statement, Duration.ofSeconds(seconds));
    }

    Call begin(Statement statement, Duration time) {
        Call call = new Call(statement, System.nanoTime() + time.toNanos());
        boolean watched = false;
        try {
            calls.add(call);
            lookSoon();
            watched = true;
            return call;
        } finally {
            if (!watched) {
                calls.remove(call);
            }
        }
    }

    private void lookSoon() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            boolean waits = false;
            try {
                timers.after(LOOK, this::look);
                waits = true;
            } finally {
                if (!waits) {
                    looking.set(false); // or nobody would look again
                }
            }
        }
    }

    private void look() {
        long now = System.nanoTime();
        try {
            calls.forEach(call -> call.cancelIfLate(now));
        } finally {
            looking.set(false);
        }
        if (!calls.isEmpty()) {
            lookSoon();
        }
    }
}
