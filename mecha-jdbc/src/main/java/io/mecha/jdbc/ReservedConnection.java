// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.jdbc.DataSourceConnections.LentConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection beside the pool of a data source, for what must not wait until the application gives one back: the renewal of leases.
 *
 * <p>One for all users of the data source, opened when it is first needed and kept. Where the pool does not tell what it connects
 * with, or sets a schema or runs statements on what it opens, where there is no pool, and for databases in this JVM, it is one of the
 * data source's, as for every other call.
 */
public final class ReservedConnection implements AutoCloseable {

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final IdentityHashMap<DataSource, ReservedConnection> SHARED = new IdentityHashMap<>();
    private static final int CHECK_SECONDS = 1;

    private final DataSourceConnections connections;
    private final long timeoutNanos;
    private final UnpooledConnections.@Nullable Source source;
    private final ReentrantLock use = new ReentrantLock(true);
    private @Nullable Connection connection;
    private int users;

    private ReservedConnection(DataSourceConnections connections, Duration timeout) {
        this.connections = connections;
        this.timeoutNanos = timeout.toNanos();
        DataSource pool = connections.dataSource();
        boolean server = DataSourceUrls.databaseOf(pool)
                .filter(database -> database != Database.H2 && database != Database.SQLITE)
                .isPresent();
        boolean pooled = UnpooledConnections.poolSize(pool) < Integer.MAX_VALUE;
        this.source = server && pooled && !UnpooledConnections.prepares(pool) ? UnpooledConnections.of(pool) : null;
    }

    /**
     * Use the reserved connection of a data source.
     *
     * @param connections lend the others
     * @param timeout how long to wait for those who use it
     * @return what all users of the data source share; each closes it once
     */
    public static ReservedConnection share(DataSourceConnections connections, Duration timeout) {
        LOCK.lock();
        try {
            ReservedConnection shared = SHARED.computeIfAbsent(
                    connections.dataSource(), missing -> new ReservedConnection(connections, timeout));
            shared.users++;
            return shared;
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Lend the connection, which is in no transaction.
     *
     * @return the connection, which the caller gives back
     * @throws SQLException if there is none
     */
    public LentConnection lend() throws SQLException {
        UnpooledConnections.Source unpooled = source;
        if (unpooled == null) {
            return connections.lendOwn();
        }
        if (!locked()) {
            throw new SQLTransientConnectionException(
                    "Other renewals held the connection for longer than the timeout", "08001");
        }
        boolean lent = false;
        try {
            Connection whole = whole(unpooled);
            lent = true;
            return new LentConnection(whole, false, used -> use.unlock());
        } finally {
            if (!lent) {
                use.unlock();
            }
        }
    }

    private boolean locked() throws SQLException {
        try {
            return use.tryLock(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("Interrupted while waiting for a connection", "08001", e);
        }
    }

    private Connection whole(UnpooledConnections.Source unpooled) throws SQLException {
        Connection known = connection;
        if (known != null && known.isValid(CHECK_SECONDS)) {
            return known;
        }
        discard();
        Connection opened = unpooled.open();
        connections.limit(opened);
        connection = opened;
        return opened;
    }

    private void discard() throws SQLException {
        Connection known = connection;
        connection = null;
        if (known != null) {
            known.close();
        }
    }

    /** Stop using the connection; the last user closes it. */
    @Override
    public void close() {
        LOCK.lock();
        try {
            if (--users > 0) {
                return;
            }
            SHARED.remove(connections.dataSource());
        } finally {
            LOCK.unlock();
        }
        use.lock();
        try {
            discard();
        } catch (SQLException gone) {
            connection = null; // closed all the same
        } finally {
            use.unlock();
        }
    }
}
