// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.jdbc.Attempts;
import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.DataSourceConnections.LeasedConnection;
import io.mecha.jdbc.DataSourceUrls;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.FileWatch;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.Schema;
import io.mecha.jdbc.SchemaException;
import io.mecha.jdbc.SpringTransaction;
import io.mecha.jdbc.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of a data source, once for all channels on it.
 *
 * <p>Calls fail at once while the database does not answer. What wakes receivers and what deletes old rows lives here as well, so
 * that many channels need one connection to listen, and not each one.
 */
final class QueueDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(QueueDatabase.class);
    private static final String SUBJECT = "Bindings table 'mecha_message'";
    private static final int GRACE_MILLIS = 500;

    private final DataSourceConnections connections;
    private final SpringTransaction transaction;
    private final Guard<QueueSql> guard;
    private final Wakeups wakeups;
    private final QueuePurge purge;
    private volatile @Nullable FileWatch watch;

    QueueDatabase(DataSource dataSource, boolean create, Duration timeout, Duration purgeInterval) {
        this.connections = new DataSourceConnections(dataSource, timeout, (int) timeout.toMillis() + GRACE_MILLIS);
        this.transaction = new SpringTransaction(connections);
        this.guard = new Guard<>(SUBJECT, timeout, null, () -> connect(create));
        this.wakeups = new Wakeups(connections, guard);
        this.purge = new QueuePurge(this, purgeInterval);
        guard.start();
        purge.start();
    }

    /** A use of a connection; it may run again after the database undid it. */
    @FunctionalInterface
    interface Work<T> {

        T run(Connection connection, QueueSql sql) throws SQLException;
    }

    private QueueSql connect(boolean create) throws SQLException {
        return connections.exchange(connection -> {
            Database database = DataSourceUrls.databaseOf(connections.dataSource())
                    .or(() -> Database.ofProduct(productOf(connection)))
                    .orElseThrow(() -> new SchemaException(
                            "the database is not supported", "Use PostgreSQL, MariaDB, MySQL, SQLite or H2."));
            QueueSql sql = new QueueSql(database);
            new Schema(
                            "mecha_message",
                            QueueSql.probe(),
                            () -> Schema.statements(Schema.read(QueueDatabase.class, "", sql.database())),
                            "Create it with classpath:io/mecha/binding/jdbc/%s, or set mecha.bindings.jdbc.initialize-schema to always."
                                    .formatted(sql.database().schemaFile()))
                    .ensure(connection, create);
            if (database == Database.SQLITE && watch == null) {
                watch = FileWatch.shared(connection).orElse(null);
            }
            return sql;
        });
    }

    private static String productOf(Connection connection) {
        try {
            return connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            return "";
        }
    }

    /** Waits for the tables as long as a call does. */
    boolean isReady() {
        return guard.isLive();
    }

    /** Tells whether times come from the clock of a machine that nobody keeps as one keeps that of a server. */
    boolean hasClockOfMachine() {
        QueueSql sql = guard.known();
        return sql != null && (sql.database() == Database.H2 || sql.database() == Database.SQLITE);
    }

    SpringTransaction transaction() {
        return transaction;
    }

    Wakeups wakeups() {
        return wakeups;
    }

    /** Runs in the transaction of this thread, or in one of its own. */
    <T> T join(Work<T> work) throws SQLException {
        QueueSql sql = guard.open(live -> live);
        if (!transaction.active()) {
            return transact(work);
        }
        LeasedConnection leased = connections.lend();
        try {
            check(leased.connection());
            return work.run(leased.connection(), sql);
        } finally {
            giveBack(leased);
        }
    }

    /** Runs as one transaction that has nothing to do with this thread's. */
    <T> T transact(Work<T> work) throws SQLException {
        return repeat(work, false);
    }

    /** Runs one statement, which is its own transaction. */
    <T> T single(Work<T> work) throws SQLException {
        return repeat(work, true);
    }

    /** A connection, and what its database speaks. */
    private record Opened(LeasedConnection leased, QueueSql sql) {}

    private <T> T repeat(Work<T> work, boolean autoCommit) throws SQLException {
        Attempts attempts = new Attempts();
        while (true) {
            Opened opened = guard.open(sql -> new Opened(connections.lendOwn(), sql));
            LeasedConnection leased = opened.leased();
            QueueSql sql = opened.sql();
            try {
                check(leased.connection());
                return autoCommit ? work.run(leased.connection(), sql) : committing(leased.connection(), sql, work);
            } catch (SQLException e) {
                if (SqlFailures.isLost(e)) {
                    guard.suspect(e);
                }
                if (!attempts.left() || !sql.isTransient(SqlFailures.unwrap(e))) {
                    throw e;
                }
            } finally {
                giveBack(leased);
            }
            attempts.pause();
        }
    }

    /** Fail if what is written now would be lost with a file that is not there any more. */
    private void check(Connection connection) throws SQLException {
        FileWatch file = watch;
        if (file != null) {
            file.check(connection);
        }
    }

    private static <T> T committing(Connection connection, QueueSql sql, Work<T> work) throws SQLException {
        String before = sql.database().beforeTransaction();
        if (before != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(before);
            }
        }
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            T result = work.run(connection, sql);
            connection.commit();
            done = true;
            return result;
        } finally {
            end(connection, done);
        }
    }

    private static void end(Connection connection, boolean done) {
        try {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("A transaction was not ended: SQLState {}", e.getSQLState());
        }
    }

    private static void giveBack(@Nullable LeasedConnection leased) {
        try {
            if (leased != null) {
                leased.giveBack();
            }
        } catch (SQLException e) {
            LOG.debug("A connection was not given back: SQLState {}", e.getSQLState());
        }
    }

    void close() {
        purge.close();
        wakeups.close();
        guard.close();
    }
}
