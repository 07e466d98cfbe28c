// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.MechaException;
import io.mecha.state.StateBackendException;
import io.mecha.state.StateUnavailableException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turn what a driver reports into the exceptions of this project, once.
 *
 * <p>A server likes to quote the offending row. Its words are therefore passed on, as the cause, only for kinds of errors
 * that are not about data; for all others the code has to do.
 */
final class SqlErrors {

    /** Classes of SQLState that speak of connections, privileges, names, resources and the server, never of rows. */
    private static final Set<String> WITHOUT_DATA =
            Set.of("08", "25", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58", "HY", "70");

    /** MySQL quotes the statement from where it no longer understands it, and calls any other error general. */
    private static final Set<Integer> QUOTING = Set.of(1064, 1366, 1105);

    private static final int MYSQL_LOCK_WAIT_TIMEOUT = 1205;
    private static final int MYSQL_QUERY_TIMEOUT = 3024;
    private static final int MARIADB_QUERY_TIMEOUT = 1969;
    private static final int SQLITE_BUSY = 5;

    private final String store;
    private final String type;

    SqlErrors(String store, String type) {
        this.store = store;
        this.type = type;
    }

    /** Report that no connection could be had. */
    StateUnavailableException unreachable(@Nullable Throwable cause) {
        return StateUnavailableException.nothingHappened(store, type, cause);
    }

    /** Report a write of which nobody knows how it ended. */
    StateUnavailableException unknown() {
        return StateUnavailableException.mayHaveHappened(store, type, null);
    }

    /** Report to another caller what one was told. */
    StateUnavailableException again(StateUnavailableException failure) {
        return failure.mayHaveHappened()
                ? StateUnavailableException.mayHaveHappened(store, type, failure.getCause())
                : StateUnavailableException.nothingHappened(store, type, failure.getCause());
    }

    /**
     * Report what happened to a call.
     *
     * @param failure what the driver reported
     * @param sent whether a write may have been committed
     */
    MechaException translate(SQLException failure, boolean sent) {
        SQLException exception = unwrap(failure);
        if (exception instanceof SchemaException schema) {
            return new StateBackendException(
                    store, type, String.valueOf(schema.getMessage()), schema.action(), schema.getCause());
        }
        if (isLost(exception) || isTimeout(exception)) {
            return sent
                    ? StateUnavailableException.mayHaveHappened(store, type, exception)
                    : StateUnavailableException.nothingHappened(store, type, exception);
        }
        return new StateBackendException(
                store,
                type,
                "SQLState %s, code %d".formatted(exception.getSQLState(), exception.getErrorCode()),
                "See the server's log, then the table's definition and the user's privileges.",
                isSafe(exception) ? exception : null);
    }

    /** Tell whether the connection is gone, so that others may be as well. */
    static boolean isLost(SQLException failure) {
        SQLException exception = unwrap(failure);
        String state = exception.getSQLState();
        return exception instanceof SQLTransientConnectionException
                || exception instanceof SQLNonTransientConnectionException
                || exception instanceof SQLRecoverableException
                || (state != null && (state.startsWith("08") || state.startsWith("57P")));
    }

    private static boolean isTimeout(SQLException exception) {
        String state = exception.getSQLState();
        int code = exception.getErrorCode();
        return exception instanceof SQLTimeoutException
                || "57014".equals(state)
                || (state != null && state.startsWith("HYT"))
                || (state == null && (code & 0xff) == SQLITE_BUSY)
                || (state != null
                        && (code == MYSQL_LOCK_WAIT_TIMEOUT
                                || code == MYSQL_QUERY_TIMEOUT
                                || code == MARIADB_QUERY_TIMEOUT));
    }

    private static boolean isSafe(SQLException exception) {
        String state = exception.getSQLState();
        if (state == null) {
            return exception.getClass().getName().startsWith("org.sqlite.");
        }
        return state.length() >= 2
                && WITHOUT_DATA.contains(state.substring(0, 2))
                && !QUOTING.contains(exception.getErrorCode());
    }

    /** The message of a failed batch shows the statement with its parameters; what is inside does not. */
    private static SQLException unwrap(SQLException failure) {
        if (failure instanceof BatchUpdateException) {
            if (failure.getNextException() != null) {
                return failure.getNextException();
            }
            if (failure.getCause() instanceof SQLException cause) {
                return cause;
            }
            return new SQLException("A batch failed", failure.getSQLState(), failure.getErrorCode());
        }
        return failure;
    }
}
