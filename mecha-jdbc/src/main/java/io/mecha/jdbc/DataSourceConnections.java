// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * The connections of the application's {@code DataSource}, and the one of its transaction inside of one.
 *
 * <p>A transaction of another resource is not joined: the call then has a connection of its own, and commits.
 */
public final class DataSourceConnections {

    private final DataSource dataSource;
    private final int networkTimeoutMillis;
    private final long timeoutNanos;

    /** When the first of the calls began to wait for a connection since one last got one; 0 if none waits. */
    private final AtomicLong waitingSince = new AtomicLong();

    private volatile boolean limits = true;

    /**
     * Use a data source.
     *
     * @param dataSource where connections come from; stays open
     * @param timeout how long the first of those that wait for a connection may wait before others fail at once
     * @param networkTimeoutMillis how long to wait for the server's answer, in milliseconds
     */
    public DataSourceConnections(DataSource dataSource, Duration timeout, int networkTimeoutMillis) {
        this.dataSource = target(dataSource);
        this.networkTimeoutMillis = networkTimeoutMillis;
        this.timeoutNanos = timeout.toNanos();
    }

    /** A proxy that joins transactions would hide the real one, which is what transactions are known by. */
    private static DataSource target(DataSource dataSource) {
        if (dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            return proxy.getTargetDataSource();
        }
        return dataSource;
    }

    /**
     * Return what transactions are known by.
     *
     * @return the data source, without proxies that would hide it
     */
    public DataSource dataSource() {
        return dataSource;
    }

    /**
     * Tell whether transactions of a resource are bound to threads by this data source.
     *
     * @param resource for example a {@code DataSource}, or a proxy around one
     * @return whether it is the same
     */
    public boolean isOn(Object resource) {
        Object known = resource instanceof DataSource other ? target(other) : resource;
        return key(known).equals(key(dataSource));
    }

    private static Object key(Object resource) {
        return TransactionSynchronizationUtils.unwrapResourceIfNecessary(resource);
    }

    /**
     * Tell whether there is never a second connection while one is lent.
     *
     * @return whether the pool has at most one
     */
    public boolean isSingle() {
        return UnpooledConnections.poolSize(dataSource) < 2;
    }

    /**
     * Tell whether only one connection at a time may write.
     *
     * @return whether this is SQLite, as far as the data source shows
     */
    public boolean isOfOneWriter() {
        return DataSourceUrls.databaseOf(dataSource)
                .filter(Database.SQLITE::equals)
                .isPresent();
    }

    /**
     * Lend a connection for one call on this thread.
     *
     * @return the connection, which the caller gives back
     * @throws SQLException if there is none
     */
    public LentConnection lend() throws SQLException {
        // Without synchronization nobody would tell how the transaction ended.
        if (holder() != null && TransactionSynchronizationManager.isSynchronizationActive()) {
            Connection connection = DataSourceUtils.doGetConnection(dataSource);
            boolean joined = !connection.getAutoCommit();
            int before = limit(connection);
            return new LentConnection(connection, joined, used -> giveBack(used, before));
        }
        return lendOwn();
    }

    /**
     * Lend a connection that is not in any transaction of this thread.
     *
     * @return the connection, which the caller gives back
     * @throws SQLException if there is none
     */
    public LentConnection lendOwn() throws SQLException {
        Connection connection = acquire();
        try {
            int before = limit(connection);
            return new LentConnection(connection, false, used -> close(used, before));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * A connection that is lent until it is given back.
     *
     * @param connection the connection
     * @param joined whether a transaction of the application is active on it, so that it must not be ended
     * @param release gives it back
     */
    public record LentConnection(Connection connection, boolean joined, Release release) {

        /**
         * Give the connection back.
         *
         * @throws SQLException if the pool says so
         */
        public void giveBack() throws SQLException {
            release.release(connection);
        }
    }

    /** The way back of a connection. */
    @FunctionalInterface
    public interface Release {

        /**
         * Give it back.
         *
         * @param connection the connection
         * @throws SQLException if the pool says so
         */
        void release(Connection connection) throws SQLException;
    }

    /**
     * Tell whether the sockets of lent connections bound how long an answer is waited for.
     *
     * @return {@code false} once a driver has said that it cannot do that
     */
    public boolean limited() {
        return limits;
    }

    /** The failure that nobody gets a connection any more. */
    public static final class StalledException extends SQLTransientConnectionException {

        private static final long serialVersionUID = 1L;

        StalledException() {
            super("Other callers wait for a connection for longer than the timeout", "08001");
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
     * @param connection a connection of this data source
     * @return the limit before, in milliseconds; 0 for none
     * @throws SQLException if the connection is gone
     */
    public int limit(Connection connection) throws SQLException {
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

    /**
     * Open a connection outside of any transaction, for long.
     *
     * @return a connection that the caller closes
     * @throws SQLException if there is none
     */
    public Connection connect() throws SQLException {
        Connection connection = open();
        if (waitingSince.get() != 0) {
            waitingSince.set(0);
        }
        return connection;
    }

    // A pool may throw what is no SQLException; to callers a server that is away is always the same.
    private Connection open() throws SQLException {
        try {
            return dataSource.getConnection();
        } catch (RuntimeException failure) {
            String state = failure.getCause() instanceof SQLException cause ? cause.getSQLState() : null;
            throw new SQLTransientConnectionException(failure.getMessage(), state == null ? "08001" : state, failure);
        }
    }

    /**
     * Do something on a connection outside of any transaction, which must not wait for the server for long.
     *
     * @param <T> type of the result
     * @param exchange what to do
     * @return its result
     * @throws SQLException what it threw, or what the pool did
     */
    public <T> T exchange(Exchange<T> exchange) throws SQLException {
        try (Connection connection = connect()) {
            int before = limit(connection);
            T result = exchange.run(connection);
            unlimit(connection, before);
            return result;
        }
    }

    /**
     * An exchange with the server.
     *
     * @param <T> type of the result
     */
    @FunctionalInterface
    public interface Exchange<T> {

        /**
         * Do it.
         *
         * @param connection the connection, which stays open
         * @return the result
         * @throws SQLException what the driver throws
         */
        T run(Connection connection) throws SQLException;
    }
}
