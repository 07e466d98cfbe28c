// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.Thrown;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.jdbc.NotStartedException;
import io.mecha.jdbc.SqlFailures;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Turn what a driver reports into the exceptions of this project. */
final class Failures {

    /** Class of states for values that do not fit or that the database cannot hold. */
    private static final String DATA = "22";

    private static final int PACKET_TOO_LARGE = 1153;

    private Failures() {}

    /** Returns a failure that shows nothing of a message, or {@code null}. */
    static @Nullable SQLException safe(SQLException failure) {
        if (failure instanceof NotStartedException early) {
            return early.reason();
        }
        SQLException exception = SqlFailures.unwrap(failure);
        return SqlFailures.isSafe(exception) ? exception : null;
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
     * @param sole whether it was one message, so that what is wrong with the data is wrong with this message
     */
    static SendException send(String channel, SQLException failure, boolean joined, boolean sole) {
        SQLException exception = SqlFailures.unwrap(failure);
        if (SqlFailures.isDenied(failure)) {
            return SendException.denied(channel, JdbcBindingBackendFactory.TYPE, safe(failure));
        }
        if (failure instanceof NotStartedException) {
            return SendException.unreachable(channel, JdbcBindingBackendFactory.TYPE, safe(failure));
        }
        String state = String.valueOf(exception.getSQLState());
        String reason = "SQLState %s, code %d".formatted(state, exception.getErrorCode());
        if (sole && (state.startsWith(DATA) || isTooLarge(exception))) {
            return SendException.unacceptable(channel, JdbcBindingBackendFactory.TYPE, reason, safe(failure));
        }
        if (SqlFailures.isLost(exception) || SqlFailures.isTimeout(exception)) {
            return joined
                    ? SendException.unreachable(channel, JdbcBindingBackendFactory.TYPE, exception)
                    : SendException.unconfirmed(channel, JdbcBindingBackendFactory.TYPE, exception);
        }
        return SendException.refused(channel, JdbcBindingBackendFactory.TYPE, reason, safe(failure));
    }

    /** Tells whether a statement is larger than a server of MariaDB or MySQL takes, which ends the connection. */
    private static boolean isTooLarge(SQLException failure) {
        return failure.getErrorCode() == PACKET_TOO_LARGE
                || Thrown.chain(failure).stream()
                        .anyMatch(cause -> cause.getClass().getSimpleName().equals("MaxAllowedPacketException"));
    }
}
