// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transaction that begins and ends with a call, on a connection that no transaction of the application has. */
public final class OwnTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(OwnTransaction.class);

    private OwnTransaction() {}

    /**
     * The work of a transaction.
     *
     * @param <T> result
     */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {

        /**
         * Do it.
         *
         * @return the result
         * @throws SQLException if it must be undone
         */
        T run() throws SQLException;
    }

    /**
     * Run as one transaction on a connection that commits each statement, and does so afterwards.
     *
     * @param connection the connection
     * @param before a statement to run before the transaction begins; {@code null} if there is none
     * @param work the work
     * @param <T> result
     * @return the result
     * @throws SQLException if nothing of the work stays, or the outcome of the commit is unknown
     */
    public static <T extends @Nullable Object> T run(Connection connection, @Nullable String before, Work<T> work)
            throws SQLException {
        if (before != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(before);
            }
        }
        connection.setAutoCommit(false);
        try {
            return commit(connection, work);
        } finally {
            restore(connection);
        }
    }

    /**
     * Run, and commit the transaction that is open on a connection.
     *
     * @param connection a connection that does not commit each statement
     * @param work the work
     * @param <T> result
     * @return the result
     * @throws SQLException if nothing of the work stays, or the outcome of the commit is unknown
     */
    public static <T extends @Nullable Object> T commit(Connection connection, Work<T> work) throws SQLException {
        boolean done = false;
        try {
            T result = work.run();
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollBack(connection);
            }
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("A transaction was not rolled back: SQLState {}", e.getSQLState());
            abort(connection);
        }
    }

    /** Ends a connection, because what is to be undone would be committed when it commits each statement again. */
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("A connection was not ended: SQLState {}", e.getSQLState());
        }
    }

    private static void restore(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("A connection was not reset: SQLState {}", e.getSQLState());
        }
    }
}
