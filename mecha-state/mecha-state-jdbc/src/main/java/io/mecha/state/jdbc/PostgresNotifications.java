// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.spi.ChangeNotifications;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listen to what {@link Announcer} says, on one connection and one thread for all listeners of a backend.
 *
 * <p>The connection is taken from the data source when the first listener comes, and kept. While it is lost nothing is
 * heard; listeners learn that when it is lost and again when it is back.
 */
final class PostgresNotifications implements ChangeNotifications, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNotifications.class);
    private static final int WAIT_MILLIS = 500;
    private static final int SILENT_WAITS = 20;
    private static final int ALIVE_SECONDS = 5;

    private final String store;
    private final DataSourceConnections connections;
    private final String channel;
    private final List<Listening> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    PostgresNotifications(String store, DataSourceConnections connections, String channel) {
        this.store = store;
        this.connections = connections;
        this.channel = channel;
    }

    /** One listener, until it is closed. */
    private static final class Listening {

        private final String prefix;
        private final Listener listener;

        Listening(String prefix, Listener listener) {
            this.prefix = prefix;
            this.listener = listener;
        }
    }

    @Override
    public Subscription listen(String prefix, Listener listener) {
        Listening listening = new Listening(prefix, listener);
        listeners.add(listening);
        if (started.compareAndSet(false, true)) {
            Thread thread = new Thread(this::run, "mecha-state-" + store + "-listen");
            thread.setDaemon(true);
            thread.start();
        }
        return () -> listeners.remove(listening);
    }

    private void run() {
        while (closed.getCount() > 0) {
            try (Connection connection = connections.connect()) {
                connection.setAutoCommit(true);
                hear(connection);
            } catch (SQLException e) {
                LOG.debug("State store '{}' cannot listen to changes: SQLState {}", store, e.getSQLState());
                tell(Listener::missed);
                pause();
            }
        }
    }

    private void hear(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen \"" + channel + "\"");
        }
        tell(Listener::missed);
        PGConnection postgres = connection.unwrap(PGConnection.class);
        int silent = 0;
        while (closed.getCount() > 0) {
            PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
            if (notifications != null && notifications.length > 0) {
                silent = 0;
                for (PGNotification notification : notifications) {
                    notification.getParameter().lines().forEach(this::heard);
                }
            } else if (++silent >= SILENT_WAITS) {
                silent = 0;
                if (!connection.isValid(ALIVE_SECONDS)) {
                    throw new SQLException("The connection is dead", "08006");
                }
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("unlisten *");
        }
    }

    private void heard(String line) {
        if (line.equals(Announcer.MISSED)) {
            tell(Listener::missed);
            return;
        }
        for (Listening listening : listeners) {
            if (line.startsWith(listening.prefix)) {
                tell(listening, listener -> listener.changed(line));
            }
        }
    }

    private void tell(Consumer<Listener> message) {
        listeners.forEach(listening -> tell(listening, message));
    }

    private void tell(Listening listening, Consumer<Listener> message) {
        try {
            message.accept(listening.listener);
        } catch (RuntimeException e) {
            LOG.warn("A listener of state store '{}' failed; it will be told of the next change", store, e);
        }
    }

    private void pause() {
        try {
            closed.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
