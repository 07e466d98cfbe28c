// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.DataSourceConnections.LentConnection;
import io.mecha.jdbc.DataSourceUrls;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.FileWatch;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.OwnTransaction;
import io.mecha.jdbc.RetriedCalls;
import io.mecha.jdbc.Schema;
import io.mecha.jdbc.SchemaException;
import io.mecha.jdbc.SpringTransaction;
import java.sql.Connection;
import java.sql.SQLException;
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
    private final RetriedCalls<QueueSql> calls;
    private final Guard.Opening<QueueSql, Opened> own;
    private final Guard.Opening<QueueSql, Opened> joined;
    private final Wakeups wakeups;
    private final QueuePurge purge;
    private volatile @Nullable FileWatch watch;

    QueueDatabase(DataSource dataSource, boolean create, Duration timeout, Duration purgeInterval) {
        this.connections = new DataSourceConnections(dataSource, timeout, (int) timeout.toMillis() + GRACE_MILLIS);
        this.transaction = new SpringTransaction(connections);
        this.guard = new Guard<>(SUBJECT, timeout, null, () -> connect(create));
        this.calls = new RetriedCalls<>(guard);
        this.own = sql -> new Opened(connections.lendOwn(), sql);
        this.joined = sql -> new Opened(connections.lend(), sql);
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
        if (!transaction.active()) {
            return transact(work);
        }
        return calls.run(joined, opened -> run(opened, work), (e, opened) -> e);
    }

    /** Runs as one transaction that has nothing to do with this thread's. */
    <T> T transact(Work<T> work) throws SQLException {
        return calls.run(
                own,
                opened -> {
                    check(opened); // before the transaction, in which SQLite knows no other length than its own
                    return OwnTransaction.run(
                            opened.connection(),
                            opened.sql().database().beforeTransaction(),
                            () -> work.run(opened.connection(), opened.sql()));
                },
                (e, opened) -> e);
    }

    /** Runs one statement, which is its own transaction. */
    <T> T single(Work<T> work) throws SQLException {
        return calls.run(own, opened -> run(opened, work), (e, opened) -> e);
    }

    private <T> T run(Opened opened, Work<T> work) throws SQLException {
        check(opened);
        return work.run(opened.connection(), opened.sql());
    }

    /** Fails if what is written now would be lost with a file that is not there any more. */
    private void check(Opened opened) throws SQLException {
        FileWatch file = watch;
        if (file != null) {
            file.check(opened.connection());
        }
    }

    /** A connection, and what its database speaks. */
    private record Opened(LentConnection lent, QueueSql sql) implements RetriedCalls.Use {

        Connection connection() {
            return lent.connection();
        }

        @Override
        public boolean joined() {
            return lent.joined();
        }

        @Override
        public boolean isTransient(SQLException failure) {
            return sql.isTransient(failure);
        }

        @Override
        public void close() {
            try {
                lent.giveBack();
            } catch (SQLException e) {
                LOG.debug("A connection was not given back: SQLState {}", e.getSQLState());
            }
        }
    }

    void close() {
        purge.close();
        wakeups.close();
        guard.close();
    }
}
