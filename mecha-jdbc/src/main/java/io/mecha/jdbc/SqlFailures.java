// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * The kinds of failures that drivers report.
 *
 * <p>A server likes to quote the offending row. Its words are therefore passed on, as the cause, only for kinds of errors
 * that are not about data; for all others the code has to do.
 */
public final class SqlFailures {

    /** Classes of SQLState that speak of connections, privileges, names, resources and the server, never of rows. */
    private static final Set<String> WITHOUT_DATA =
            Set.of("08", "25", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58", "HY", "70");

    /** MySQL quotes the statement from where it no longer understands it, and calls any other error general. */
    private static final Set<Integer> QUOTING = Set.of(1064, 1366, 1105);

    private static final String AUTHORIZATION = "28";
    private static final int MYSQL_LOCK_WAIT_TIMEOUT = 1205;

    /** Failed to read the next number of a table: it waited too long for the lock on it. */
    private static final int MYSQL_NUMBER_WAIT_TIMEOUT = 1467;

    private static final int MYSQL_QUERY_TIMEOUT = 3024;
    private static final int MARIADB_QUERY_TIMEOUT = 1969;
    private static final int SQLITE_BUSY = 5;

    private SqlFailures() {}

    /**
     * Tell whether the connection is gone, so that others may be as well.
     *
     * @param failure what the driver reported
     * @return whether it is
     */
    public static boolean isLost(SQLException failure) {
        SQLException exception = unwrap(failure);
        String state = exception.getSQLState();
        return exception instanceof SQLTransientConnectionException
                || exception instanceof SQLNonTransientConnectionException
                || exception instanceof SQLRecoverableException
                || (state != null && (state.startsWith("08") || state.startsWith("57P")));
    }

    /**
     * Tell whether the server, or the driver, gave up waiting.
     *
     * @param exception what the driver reported, unwrapped
     * @return whether it did
     */
    public static boolean isTimeout(SQLException exception) {
        String state = exception.getSQLState();
        int code = exception.getErrorCode();
        return exception instanceof SQLTimeoutException
                || "57014".equals(state)
                || (state != null && state.startsWith("HYT"))
                || (state == null && (code & 0xff) == SQLITE_BUSY)
                || (state != null
                        && (code == MYSQL_LOCK_WAIT_TIMEOUT
                                || code == MYSQL_NUMBER_WAIT_TIMEOUT
                                || code == MYSQL_QUERY_TIMEOUT
                                || code == MARIADB_QUERY_TIMEOUT));
    }

    /**
     * Tell whether the server can be reached, but does not let the application in.
     *
     * @param failure what the driver or a pool reported
     * @return whether user or password are wrong, or the user may not connect
     */
    public static boolean isDenied(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException exception
                    && (exception instanceof SQLInvalidAuthorizationSpecException
                            || String.valueOf(exception.getSQLState()).startsWith(AUTHORIZATION))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tell whether the words of a server can be shown.
     *
     * @param exception what the driver reported, unwrapped
     * @return {@code false} if they may quote a row
     */
    public static boolean isSafe(SQLException exception) {
        String state = exception.getSQLState();
        if (state == null) {
            return exception.getClass().getName().startsWith("org.sqlite.");
        }
        return state.length() >= 2
                && WITHOUT_DATA.contains(state.substring(0, 2))
                && !QUOTING.contains(exception.getErrorCode());
    }

    /**
     * Find what went wrong in a batch: its own message shows the statement with its parameters; what is inside does not.
     *
     * @param failure what the driver reported
     * @return the same, or what is inside
     */
    public static SQLException unwrap(SQLException failure) {
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
