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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection beside the pool of a data source, for what must not wait until the application gives one back: the renewal of leases.
 *
 * <p>One for all users of the data source, opened when it is first needed and kept. Where the pool does not tell what it connects
 * with, or sets a schema or runs statements on what it opens, where there is no pool, and for databases in this JVM, it is one of the
 * data source's, as for every other call; as it is while the server gives no further connection.
 */
public final class ReservedConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReservedConnection.class);
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final IdentityHashMap<DataSource, ReservedConnection> SHARED = new IdentityHashMap<>();
    private static final int CHECK_SECONDS = 1;

    private final DataSourceConnections connections;
    private final long timeoutNanos;
    private final UnpooledConnections.@Nullable Source source;
    private final ReentrantLock use = new ReentrantLock(true);
    private @Nullable Connection connection;

    /** Whether the last user is gone, so that nothing is opened any more; as the connection, under {@link #use}. */
    private boolean ended;

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
     * Lend the connection, which is in no transaction; one of the data source's if it cannot be had.
     *
     * @return the connection, which the caller gives back
     * @throws SQLException if there is none
     */
    public LentConnection lend() throws SQLException {
        UnpooledConnections.Source unpooled = source;
        LentConnection reserved = unpooled == null ? null : reserved(unpooled);
        return reserved == null ? connections.lendOwn() : reserved;
    }

    /** Lends the connection beside the pool; {@code null} if it is in use for long, or the server gives none. */
    private @Nullable LentConnection reserved(UnpooledConnections.Source unpooled) throws SQLException {
        if (!locked()) {
            return null;
        }
        boolean lent = false;
        try {
            Connection whole = ended ? null : whole(unpooled);
            lent = whole != null;
            return whole == null ? null : new LentConnection(whole, false, used -> use.unlock());
        } catch (SQLException refused) {
            LOG.debug("There is no connection beside the pool: SQLState {}", refused.getSQLState());
            return null;
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
        try {
            connections.limit(opened);
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
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
            ended = true;
            discard();
        } catch (SQLException gone) {
            connection = null; // closed all the same
        } finally {
            use.unlock();
        }
    }
}
