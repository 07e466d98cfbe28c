// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lend connections of the application's {@code DataSource}, and the one of its transaction inside of one.
 *
 * <p>A transaction of another resource is not joined: the call then has a connection of its own, and commits.
 */
final class DataSourceConnections implements Connections {

    private final DataSource dataSource;
    private final int timeoutSeconds;
    private final int networkTimeoutMillis;
    private final long timeoutNanos;

    /** When the first of the calls began to wait for a connection since one last got one; 0 if none waits. */
    private final AtomicLong waitingSince = new AtomicLong();

    private volatile boolean limits = true;

    DataSourceConnections(DataSource dataSource, Limits limits) {
        this.dataSource = target(dataSource);
        this.timeoutSeconds = limits.timeoutSeconds();
        this.networkTimeoutMillis = limits.networkTimeoutMillis();
        this.timeoutNanos = limits.timeout().toNanos();
    }

    /** A proxy that joins transactions would hide the real one, which is what transactions are known by. */
    private static DataSource target(DataSource dataSource) {
        if (dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            return proxy.getTargetDataSource();
        }
        return dataSource;
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public Session open(Dialect dialect, boolean writes) throws SQLException {
        int seconds = dialect.cheapTimeout() ? timeoutSeconds : 0;
        // Without synchronization nobody would tell the near cache how the transaction ended.
        if (holder() != null && TransactionSynchronizationManager.isSynchronizationActive()) {
            Connection connection = DataSourceUtils.doGetConnection(dataSource);
            boolean joined = !connection.getAutoCommit();
            int before = limit(connection);
            return new Session(dialect, connection, joined, seconds, null, used -> giveBack(used, before));
        }
        Connection connection = acquire();
        try {
            int before = limit(connection);
            return new Session(dialect, connection, false, seconds, null, used -> close(used, before));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Report that nobody gets a connection any more. */
    static final class StalledException extends SQLTransientConnectionException {

        private static final long serialVersionUID = 1L;

        StalledException() {
            super("Others wait for a connection in vain", "08001");
        }
    }

    /**
     * Wait for a connection, but do not join those who have waited in vain for longer than the timeout.
     *
     * <p>How long the first of them wait is the pool's business, often half a minute. They cannot be called back.
     */
    private Connection acquire() throws SQLException {
        long now = System.nanoTime() | 1;
        long since = waitingSince.get();
        if (since == 0) {
            waitingSince.compareAndSet(0, now);
        } else if (now - since > timeoutNanos) {
            throw new StalledException();
        }
        return connect();
    }

    /**
     * Limit how long the driver waits for the server's answer.
     *
     * <p>A statement's timeout asks the server to give up, which takes a server that listens. When it does not, only the
     * client's own socket helps. Both the drivers of PostgreSQL and of MariaDB set that without a round trip.
     *
     * @return the limit before
     */
    int limit(Connection connection) throws SQLException {
        if (!limits) {
            return 0;
        }
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, networkTimeoutMillis);
            return before;
        } catch (SQLFeatureNotSupportedException e) {
            limits = false;
            return 0;
        }
    }

    private void unlimit(Connection connection, int before) throws SQLException {
        if (limits && !connection.isClosed()) {
            connection.setNetworkTimeout(Runnable::run, before);
        }
    }

    private void close(Connection connection, int networkTimeout) throws SQLException {
        try (connection) {
            unlimit(connection, networkTimeout);
        }
    }

    private void giveBack(Connection connection, int networkTimeout) throws SQLException {
        try {
            unlimit(connection, networkTimeout);
        } finally {
            DataSourceUtils.doReleaseConnection(connection, dataSource);
        }
    }

    /** Return what a transaction manager has bound to this thread for this data source. */
    @Nullable ConnectionHolder holder() {
        return (ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource);
    }

    /** Open a connection outside of any transaction, which the caller closes. */
    Connection connect() throws SQLException {
        Connection connection = dataSource.getConnection();
        if (waitingSince.get() != 0) {
            waitingSince.set(0);
        }
        return connection;
    }

    /** Do something on a connection outside of any transaction, which must not wait for the server for long. */
    <T> T exchange(Exchange<T> exchange) throws SQLException {
        try (Connection connection = connect()) {
            int before = limit(connection);
            T result = exchange.run(connection);
            unlimit(connection, before);
            return result;
        }
    }

    /** Talk to the server. */
    @FunctionalInterface
    interface Exchange<T> {

        T run(Connection connection) throws SQLException;
    }

    @Override
    public void close() {
        // the data source is the application's
    }
}
