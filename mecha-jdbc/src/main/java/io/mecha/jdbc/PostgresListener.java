// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.runtime.BackgroundLoop;
import io.mecha.runtime.Troubles;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection and a thread that listen to channels of PostgreSQL, from the first listener on.
 *
 * <p>While the connection is lost nothing is heard; listeners learn that when it is lost and again when it is back.
 */
final class PostgresListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresListener.class);
    private static final String LISTENER = "A listener to notifications of PostgreSQL";
    private static final int WAIT_MILLIS = 500;
    private static final Duration REST = Duration.ofMillis(WAIT_MILLIS);
    private static final int SILENT_WAITS = 20;
    private static final int ALIVE_SECONDS = 5;

    /** A line of this says that lines were not announced. */
    static final String MISSED = "!";

    private final UnpooledConnections.Source connections;
    private final Map<String, List<PostgresNotifier.Listener>> channels = new ConcurrentHashMap<>();
    private final BackgroundLoop loop = new BackgroundLoop("mecha-jdbc-listen", Duration.ZERO, this::listen);

    PostgresListener(UnpooledConnections.Source connections) {
        this.connections = connections;
    }

    PostgresNotifier.Ending add(String channel, PostgresNotifier.Listener listener) {
        channels.compute(channel, (name, known) -> {
            List<PostgresNotifier.Listener> all = known == null ? new CopyOnWriteArrayList<>() : known;
            all.add(listener);
            return all;
        });
        loop.start();
        return () -> channels.computeIfPresent(channel, (name, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    /** Listens until the connection is lost, or nobody listens any more. */
    private Duration listen() {
        try (Connection connection = connections.open()) {
            connection.setAutoCommit(true);
            hear(connection);
        } catch (SQLException e) {
            LOG.debug("Cannot listen to PostgreSQL: SQLState {}", e.getSQLState());
            lost();
        } catch (RuntimeException e) {
            LOG.debug("Cannot listen to PostgreSQL", e);
            lost();
        }
        return REST;
    }

    private void lost() {
        channels.keySet().forEach(channel -> tell(channel, PostgresNotifier.Listener::missed));
    }

    private void hear(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        Set<String> heard = new HashSet<>();
        int silent = 0;
        while (!loop.isClosed()) {
            follow(connection, heard);
            PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
            if (notifications != null && notifications.length > 0) {
                silent = 0;
                for (PGNotification notification : notifications) {
                    notification.getParameter().lines().forEach(line -> tell(notification.getName(), line));
                }
            } else if (++silent >= SILENT_WAITS) {
                silent = 0;
                if (!connection.isValid(ALIVE_SECONDS)) {
                    throw new SQLException("The connection is dead", "08006");
                }
            }
        }
        execute(connection, "unlisten *");
    }

    /** Listens to what somebody wants to hear, and no more to what nobody does. */
    private void follow(Connection connection, Set<String> heard) throws SQLException {
        for (String channel : channels.keySet()) {
            if (heard.add(channel)) {
                execute(connection, "listen \"" + channel + "\"");
                tell(channel, PostgresNotifier.Listener::missed);
            }
        }
        for (Iterator<String> known = heard.iterator(); known.hasNext(); ) {
            String channel = known.next();
            if (!channels.containsKey(channel)) {
                execute(connection, "unlisten \"" + channel + "\"");
                known.remove();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void tell(String channel, String line) {
        if (line.equals(MISSED)) {
            tell(channel, PostgresNotifier.Listener::missed);
        } else {
            tell(channel, listener -> listener.heard(line));
        }
    }

    private void tell(String channel, Consumer<PostgresNotifier.Listener> message) {
        for (PostgresNotifier.Listener listener : channels.getOrDefault(channel, List.of())) {
            try {
                message.accept(listener);
                Troubles.over(LISTENER);
            } catch (RuntimeException e) {
                Troubles.failed(LISTENER, e);
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
