// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.PostgresListener;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wake those that wait for messages: in this JVM at once, on other nodes by a notification of PostgreSQL.
 *
 * <p>{@code NOTIFY} inside of a transaction takes a lock of the whole server at its commit. So it is sent by a thread of its own
 * after the commit, for all destinations that came up meanwhile in one statement. A notification that is lost costs no more than
 * the time until the next poll.
 */
final class Wakeups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Wakeups.class);
    private static final String CHANNEL = "mecha_message";

    private final DataSourceConnections connections;
    private final Guard<QueueSql> guard;
    private final Map<String, List<Runnable>> waiting = new ConcurrentHashMap<>();
    private final Set<String> pending = ConcurrentHashMap.newKeySet();
    private final Semaphore more = new Semaphore(0);
    private final AtomicBoolean announcing = new AtomicBoolean();
    private final PostgresListener listener;
    private volatile boolean closed;

    Wakeups(DataSourceConnections connections, Guard<QueueSql> guard) {
        this.connections = connections;
        this.guard = guard;
        this.listener = new PostgresListener("Bindings", connections, CHANNEL, new PostgresListener.Listener() {
            @Override
            public void heard(String payload) {
                wake(payload);
            }

            @Override
            public void missed() {
                waiting.values().forEach(all -> all.forEach(Runnable::run));
            }
        });
    }

    /** Registers what is to be woken; run what is returned to end it. */
    Runnable await(String destination, Runnable waker) {
        waiting.computeIfAbsent(destination, missing -> new CopyOnWriteArrayList<>())
                .add(waker);
        return () -> waiting.computeIfPresent(destination, (name, wakers) -> {
            wakers.remove(waker);
            return wakers.isEmpty() ? null : wakers;
        });
    }

    /** Begins to hear other nodes, where the database can tell; called when the database has answered. */
    void listen() {
        if (isPostgres()) {
            listener.start();
        }
    }

    /** Says that there is something new to receive. */
    void announce(String destination) {
        wake(destination);
        if (!isPostgres() || !pending.add(destination)) {
            return;
        }
        more.release();
        if (announcing.compareAndSet(false, true)) {
            Threads.start("mecha-binding-jdbc-announce", this::run);
        }
    }

    private boolean isPostgres() {
        @Nullable QueueSql sql = guard.known();
        return sql != null && sql.database() == Database.POSTGRESQL;
    }

    private void wake(String destination) {
        waiting.getOrDefault(destination, List.of()).forEach(Runnable::run);
    }

    private void run() {
        while (!closed) {
            more.acquireUninterruptibly();
            more.drainPermits();
            String[] destinations = pending.toArray(String[]::new);
            pending.removeAll(Set.of(destinations));
            if (destinations.length > 0) {
                send(destinations);
            }
        }
    }

    private void send(String[] destinations) {
        try {
            connections.<Boolean>exchange(connection -> {
                try (PreparedStatement statement =
                        connection.prepareStatement("select pg_notify(?, p) from unnest(?) as p")) {
                    statement.setString(1, CHANNEL);
                    statement.setArray(2, connection.createArrayOf("text", destinations));
                    return statement.execute();
                }
            });
        } catch (SQLException e) {
            LOG.debug("Other nodes were not told of new messages: SQLState {}", e.getSQLState());
        }
    }

    @Override
    public void close() {
        closed = true;
        more.release();
        listener.close();
    }
}
