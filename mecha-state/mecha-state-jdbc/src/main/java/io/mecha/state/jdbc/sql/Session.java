// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Deadlines;
import io.mecha.jdbc.OwnTransaction;
import io.mecha.jdbc.RetriedCalls;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use of one connection for the length of one call.
 *
 * <p>Joined to a transaction of the application it never commits, nor rolls back further than to its own savepoint.
 */
public final class Session implements RetriedCalls.Use {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Dialect dialect;
    private final Connection connection;
    private final boolean joined;
    private final int timeoutSeconds;
    private final @Nullable Deadlines deadlines;
    private final @Nullable Map<String, PreparedStatement> open;
    private final Release release;
    private boolean autoCommit;
    private boolean written;
    private boolean sent;

    /**
     * Use a connection.
     *
     * @param dialect what its database speaks
     * @param connection the connection
     * @param joined whether the application's transaction is active on it
     * @param timeoutSeconds how long a statement may take; 0 if that is bounded otherwise
     * @param deadlines ends statements that take longer; {@code null} to leave that to the driver
     * @param open statements that stay open as long as the connection, by their text; {@code null} to close them
     * @param release gives the connection back
     * @throws SQLException if the connection is broken
     */
    public Session(
            Dialect dialect,
            Connection connection,
            boolean joined,
            int timeoutSeconds,
            @Nullable Deadlines deadlines,
            @Nullable Map<String, PreparedStatement> open,
            Release release)
            throws SQLException {
        this.dialect = dialect;
        this.connection = connection;
        this.joined = joined;
        this.timeoutSeconds = timeoutSeconds;
        this.deadlines = deadlines;
        this.open = open;
        this.release = release;
        this.autoCommit = connection.getAutoCommit();
    }

    /** The return of a connection. */
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
     * Return what the database speaks.
     *
     * @return the dialect
     */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * Return the statements on one row.
     *
     * @return those of the dialect
     */
    public Statements statements() {
        return dialect.statements();
    }

    /**
     * Return the connection for statements that write and are not prepared here.
     *
     * @return the connection, which stays open
     */
    public Connection writer() {
        writing();
        return connection;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public boolean joined() {
        return joined;
    }

    @Override
    public boolean isTransient(SQLException failure) {
        return dialect.isTransient(failure);
    }

    /**
     * Tell whether the server may have committed something that was written here.
     *
     * @return whether the outcome of a failed call is unknown
     */
    public boolean sent() {
        return sent;
    }

    /** Remember that the next statement writes. */
    void writing() {
        written = true;
        if (autoCommit) {
            sent = true;
        }
    }

    /**
     * Prepare a statement, or take the open one.
     *
     * @param sql the statement
     * @return the statement, to close
     * @throws SQLException if the driver refuses it
     */
    public Prepared prepare(Sql sql) throws SQLException {
        if (open == null) {
            PreparedStatement statement = connection.prepareStatement(sql.text());
            if (timeoutSeconds > 0 && deadlines == null) {
                statement.setQueryTimeout(timeoutSeconds);
            }
            return new Prepared(this, statement, sql, false);
        }
        PreparedStatement statement = open.get(sql.text());
        if (statement == null) {
            statement = connection.prepareStatement(sql.text());
            open.put(sql.text(), statement);
        }
        return new Prepared(this, statement, sql, true);
    }

    /** Watch a statement that is about to run; {@code null} if nothing has to. */
    Deadlines.@Nullable Call watch(Statement statement) {
        return deadlines == null || timeoutSeconds == 0 ? null : deadlines.begin(statement, timeoutSeconds);
    }

    /**
     * Run one statement, which is its own transaction unless it joins one.
     *
     * @param work the statement
     * @param <T> what it returns
     * @return what it returned
     * @throws SQLException if it failed; then nothing of it stays
     */
    public <T extends @Nullable Object> T single(Work<T> work) throws SQLException {
        return autoCommit || joined ? keeping(work) : committing(work);
    }

    /**
     * Run several statements as one transaction.
     *
     * @param work the statements
     * @param <T> what they return
     * @return what they returned
     * @throws SQLException if one failed; then nothing of them stays
     */
    public <T extends @Nullable Object> T transaction(Work<T> work) throws SQLException {
        if (joined) {
            return keeping(work);
        }
        if (!autoCommit) {
            return committing(work);
        }
        try {
            return OwnTransaction.run(connection, dialect.beforeTransaction(), () -> {
                autoCommit = false;
                return written(work);
            });
        } finally {
            autoCommit = true;
        }
    }

    /**
     * Write rows of different keys whatever is there, in their order, as one transaction.
     *
     * @param rows the rows
     * @throws SQLException if a statement failed; then none of them stays
     */
    public void putAll(List<Row> rows) throws SQLException {
        Bulk bulk = dialect.bulk();
        if (bulk.atomic(rows.size())) {
            bulk.put(this, rows);
        } else {
            this.<@Nullable Void>transaction(session -> {
                bulk.put(session, rows);
                return null;
            });
        }
    }

    /**
     * Undo what was done since a savepoint, or all of it outside of the application's transaction.
     *
     * @param savepoint the savepoint; {@code null} for all
     * @throws SQLException if it cannot be undone
     */
    public void undo(@Nullable Savepoint savepoint) throws SQLException {
        if (savepoint == null) {
            connection.rollback();
        } else {
            connection.rollback(savepoint);
        }
        written = false;
    }

    /**
     * Set a savepoint where a rollback must not reach further.
     *
     * @return the savepoint; {@code null} outside of the application's transaction
     * @throws SQLException if it cannot be set
     */
    public @Nullable Savepoint savepoint() throws SQLException {
        return joined ? connection.setSavepoint() : null;
    }

    /**
     * Release a savepoint.
     *
     * @param savepoint the savepoint; {@code null} for none
     * @throws SQLException if it cannot be released
     */
    public void forget(@Nullable Savepoint savepoint) throws SQLException {
        if (savepoint != null) {
            connection.releaseSavepoint(savepoint);
        }
    }

    private <T extends @Nullable Object> T committing(Work<T> work) throws SQLException {
        return OwnTransaction.commit(connection, () -> written(work));
    }

    /** Run what is committed next, of which nobody may hear then. */
    private <T extends @Nullable Object> T written(Work<T> work) throws SQLException {
        T result = keeping(work);
        sent = written;
        return result;
    }

    /** Keep statements open only as long as nothing fails: a driver may leave one that failed where no call can use it. */
    private <T extends @Nullable Object> T keeping(Work<T> work) throws SQLException {
        boolean done = false;
        try {
            T result = work.run(this);
            done = true;
            return result;
        } finally {
            if (!done) {
                closeStatements();
            }
        }
    }

    private void closeStatements() {
        if (open == null) {
            return;
        }
        for (PreparedStatement statement : open.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                LOG.debug("A statement was not closed: code {}", e.getErrorCode());
            }
        }
        open.clear();
    }

    @Override
    public void close() {
        try {
            release.release(connection);
        } catch (SQLException e) {
            LOG.debug("A connection was not given back: SQLState {}", e.getSQLState());
        }
    }
}
