// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static java.util.stream.Collectors.joining;

import io.mecha.Thrown;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.SupervisedThread;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A guard of a database, with which calls fail at once while it does not answer.
 *
 * <p>There are three states. <em>Up</em>: calls go ahead; that is all a call sees in good times, one volatile read.
 * <em>Checking</em>: at the start, and after a connection was lost, a thread in the background tries to connect, and calls
 * wait for it, but no longer than the timeout since the check began. <em>Down</em>: calls fail at once with what the last
 * attempt reported, while the thread tries again every half second; the first success leads to up. The thread exists only
 * while the state is not up.
 *
 * @param <L> what is known of a database that answers
 */
public final class Guard<L> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final Backoff RETRY =
            Backoff.constant(Duration.ofMillis(500)).shortened(0.5);
    private static final Duration ENDING = Duration.ofMillis(500);

    private final String subject;
    private final Probe<L> probe;
    private final long timeoutNanos;
    private final AtomicReference<State<L>> state;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<@Nullable SupervisedThread> checking = new AtomicReference<>();

    /**
     * A probe of the database: its product, and whether the table is there.
     *
     * @param <L> what is known then
     */
    @FunctionalInterface
    public interface Probe<L> {

        /**
         * Connect, and look.
         *
         * @return what is known now
         * @throws SQLException if the database cannot be used
         */
        L connect() throws SQLException;
    }

    /** A state; {@code live} only when up, {@code cause} only when down. */
    private static final class State<L> {

        private final @Nullable L live;
        private final @Nullable SQLException cause;
        private final long since = System.nanoTime();
        private final CountDownLatch left = new CountDownLatch(1);

        State(@Nullable L live, @Nullable SQLException cause) {
            this.live = live;
            this.cause = cause;
        }
    }

    /**
     * Guard a database.
     *
     * @param subject what uses it, at the beginning of a sentence, for example {@code State store 'carts'}
     * @param timeout how long calls wait for a check
     * @param live what is known already; {@code null} if nothing
     * @param probe makes an attempt
     */
    public Guard(String subject, Duration timeout, @Nullable L live, Probe<L> probe) {
        this.subject = subject;
        this.probe = probe;
        this.timeoutNanos = timeout.toNanos();
        this.state = new AtomicReference<>(new State<>(live, null));
    }

    /** Make the first attempt in the background. */
    public void start() {
        SupervisedThread thread = new SupervisedThread("mecha-connect (" + subject + ")", this::connect);
        checking.set(thread);
        thread.start();
    }

    /**
     * Return what is known of the database now, without waiting.
     *
     * @return {@code null} if it does not answer
     */
    public @Nullable L known() {
        return current().live;
    }

    /**
     * Return the database, or fail with the reason why it cannot be used.
     *
     * @return what is known
     * @throws SQLException why not
     */
    public L live() throws SQLException {
        State<L> now = current();
        return now.live != null ? now.live : await(now);
    }

    /**
     * Wait for the database as long as a call does.
     *
     * @return whether it can be used
     */
    public boolean isLive() {
        try {
            return live() != null;
        } catch (SQLException e) {
            LOG.debug("{} cannot use its database", subject, e);
            return false;
        }
    }

    private L await(State<L> first) throws SQLException {
        State<L> now = first;
        while (now.live == null) {
            if (now.cause != null) {
                throw now.cause;
            }
            long left = now.since + timeoutNanos - System.nanoTime();
            if (left <= 0 || !leaves(now, left)) {
                change(now, new State<>(null, new SQLTimeoutException("No connection yet", "08001")));
            }
            now = current();
        }
        return now.live;
    }

    private static boolean leaves(State<?> state, long nanos) throws SQLException {
        try {
            return state.left.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTimeoutException("Interrupted while waiting for a connection", "08001", e);
        }
    }

    /**
     * An opening of something that a call needs, such as a connection.
     *
     * @param <L> what is known of a database that answers
     * @param <C> what is opened
     */
    @FunctionalInterface
    public interface Opening<L, C> {

        /**
         * Open it.
         *
         * @param live what is known of the database
         * @return what was opened
         * @throws SQLException if there is none
         */
        C open(L live) throws SQLException;
    }

    /**
     * Open what a call needs, and learn from it if that cannot be had.
     *
     * @param <C> what is opened
     * @param opening opens it
     * @return what was opened
     * @throws NotStartedException why there is none; nothing was sent
     */
    public <C> C open(Opening<L, C> opening) throws NotStartedException {
        L live;
        try {
            live = live();
        } catch (SQLException e) {
            throw new NotStartedException(e);
        }
        try {
            return opening.open(live);
        } catch (SchemaException e) {
            throw new NotStartedException(e);
        } catch (DataSourceConnections.StalledException e) {
            stalled(e);
            throw new NotStartedException(e);
        } catch (SQLException e) {
            suspect(e);
            throw new NotStartedException(e);
        }
    }

    /**
     * Learn that a call lost its connection, or got none.
     *
     * @param cause what it was told
     */
    public void suspect(SQLException cause) {
        State<L> now = current();
        if (now.live != null && closed.getCount() > 0 && change(now, new State<>(null, null))) {
            LOG.debug("{} lost a connection (SQLState {}); checking", subject, cause.getSQLState());
            start();
        }
    }

    /**
     * Learn that calls have waited for a connection in vain.
     *
     * @param cause what they were told
     */
    public void stalled(SQLException cause) {
        State<L> now = current();
        if (now.live != null && closed.getCount() > 0 && change(now, new State<>(null, cause))) {
            LOG.warn("{} gets no connection; calls fail until it does", subject);
            start();
        }
    }

    private void connect() {
        boolean down = false;
        while (closed.getCount() > 0) {
            try {
                L live = live(probe);
                change(current(), new State<>(live, null));
                if (down) {
                    LOG.info("{} reaches its database again", subject);
                }
                return;
            } catch (SQLException e) {
                change(current(), new State<>(null, e));
                if (!down) {
                    LOG.warn(
                            "{} cannot use its database; trying again until it can: {}",
                            subject,
                            Thrown.chain(e).stream().map(Thrown::describe).collect(joining(", caused by ")));
                }
                LOG.debug("{} could not use its database", subject, e);
                down = true;
            }
            pause();
        }
    }

    // A pool or a proxy may fail in its own way; that too must not end the attempts.
    private static <L> L live(Probe<L> probe) throws SQLException {
        try {
            return probe.connect();
        } catch (RuntimeException | Error e) {
            throw new SQLNonTransientConnectionException("The data source failed", "08001", e);
        }
    }

    private void pause() {
        try {
            closed.await(RETRY.after(1).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException nobodyMay) {
            LOG.debug("{} goes on after an interrupt", subject, nobodyMay);
        }
    }

    private boolean change(State<L> from, State<L> to) {
        if (!state.compareAndSet(from, to)) {
            return false;
        }
        from.left.countDown();
        return true;
    }

    private State<L> current() {
        return state.get();
    }

    /**
     * Let all calls fail, and wait for an attempt that is being made, so that no connection is in use when its data source is closed. An
     * attempt that gets nowhere is interrupted.
     */
    @Override
    public void close() {
        closed.countDown();
        change(current(), new State<>(null, new SQLTimeoutException("Closed", "08003")));
        SupervisedThread thread = checking.get();
        if (thread != null) {
            thread.stop();
            if (!thread.awaitEnd(ENDING)) {
                thread.thread().interrupt();
                boolean unused = thread.awaitEnd(ENDING);
            }
        }
    }
}
