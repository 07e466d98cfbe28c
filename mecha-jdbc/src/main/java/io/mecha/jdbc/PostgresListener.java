// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listen to one channel of PostgreSQL, on one connection and one thread.
 *
 * <p>The connection is taken from the data source at the start, and kept. While it is lost nothing is heard; the listener
 * learns that when it is lost and again when it is back.
 */
public final class PostgresListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresListener.class);
    private static final int WAIT_MILLIS = 500;
    private static final int SILENT_WAITS = 20;
    private static final int ALIVE_SECONDS = 5;

    private final String subject;
    private final DataSourceConnections connections;
    private final String channel;
    private final Listener listener;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Prepare to listen.
     *
     * @param subject what listens, at the beginning of a sentence, for messages
     * @param connections lend the connection
     * @param channel name of the channel, an identifier in lower case
     * @param listener is told
     */
    public PostgresListener(String subject, DataSourceConnections connections, String channel, Listener listener) {
        this.subject = subject;
        this.connections = connections;
        this.channel = channel;
        this.listener = listener;
    }

    /** Be told, on one thread. */
    public interface Listener {

        /**
         * Something was said.
         *
         * @param payload what
         */
        void heard(String payload);

        /** Something may have been said meanwhile. */
        void missed();
    }

    /** Begin to listen; calling it again does nothing. */
    public void start() {
        if (started.compareAndSet(false, true)) {
            Thread thread = new Thread(this::run, "mecha-listen (" + subject + ")");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        while (closed.getCount() > 0) {
            try (Connection connection = connections.connect()) {
                connection.setAutoCommit(true);
                hear(connection);
            } catch (SQLException e) {
                LOG.debug("{} cannot listen: SQLState {}", subject, e.getSQLState());
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
                    tell(heard -> heard.heard(notification.getParameter()));
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

    private void tell(Consumer<Listener> message) {
        try {
            message.accept(listener);
        } catch (RuntimeException e) {
            LOG.warn("{}: a listener failed; it will be told of the next change", subject, e);
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
