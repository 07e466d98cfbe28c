// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.jdbc.SqlFailures;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Turn what a driver reports into the exceptions of this project. */
final class Failures {

    private Failures() {}

    /** Returns a failure that shows nothing of a message, or {@code null}. */
    static @Nullable SQLException safe(SQLException failure) {
        SQLException exception = SqlFailures.unwrap(failure);
        return exception.getCause() instanceof SQLException cause
                        && failure instanceof QueueDatabase.NotStartedException
                ? cause
                : SqlFailures.isSafe(exception) ? exception : null;
    }

    /** Reports something else than a send that failed. */
    static BindingBackendException other(String channel, String what, SQLException failure) {
        return SqlFailures.isDenied(failure)
                ? BindingBackendException.denied(channel, JdbcBindingBackendFactory.TYPE, what, safe(failure))
                : new BindingBackendException(channel, JdbcBindingBackendFactory.TYPE, what, safe(failure));
    }

    /**
     * Reports a send that failed.
     *
     * @param joined whether only the transaction of the application could have committed it
     */
    static SendException send(String channel, SQLException failure, boolean joined) {
        SQLException exception = SqlFailures.unwrap(failure);
        if (SqlFailures.isDenied(failure)) {
            return SendException.denied(channel, JdbcBindingBackendFactory.TYPE, safe(failure));
        }
        if (failure instanceof QueueDatabase.NotStartedException) {
            return SendException.unreachable(channel, JdbcBindingBackendFactory.TYPE, safe(failure));
        }
        if (SqlFailures.isLost(exception) || SqlFailures.isTimeout(exception)) {
            return joined
                    ? SendException.unreachable(channel, JdbcBindingBackendFactory.TYPE, exception)
                    : SendException.unconfirmed(channel, JdbcBindingBackendFactory.TYPE, exception);
        }
        return SendException.refused(
                channel,
                JdbcBindingBackendFactory.TYPE,
                "SQLState %s, code %d".formatted(exception.getSQLState(), exception.getErrorCode()),
                safe(failure));
    }
}
