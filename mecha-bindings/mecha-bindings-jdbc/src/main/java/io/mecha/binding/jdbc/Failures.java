// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.Thrown;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.jdbc.NotStartedException;
import io.mecha.jdbc.SchemaException;
import io.mecha.jdbc.SqlFailures;
import io.mecha.jdbc.StorageFailure;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The translation of a driver's failures into the exceptions of this project. */
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

    /** Returns what is known of what the database keeps its data on, also where nothing was begun. */
    private static Optional<StorageFailure> storage(SQLException failure) {
        if (failure instanceof SchemaException file) {
            return Optional.of(new StorageFailure(String.valueOf(file.getMessage()), file.action()));
        }
        return StorageFailure.of(failure instanceof NotStartedException early ? early.reason() : failure);
    }

    /** Says in words why the database does not do what it should, as part of a sentence. */
    static String reason(SQLException failure) {
        return SqlFailures.isDenied(failure)
                ? "the database does not accept the application's user or password"
                : storage(failure).map(StorageFailure::problem).orElse("the database cannot be reached or refuses");
    }

    /** Reports something else than a send that failed. */
    static BindingBackendException other(String channel, String what, SQLException failure) {
        StorageFailure storage = storage(failure).orElse(null);
        if (storage != null) {
            return BindingBackendException.because(
                    channel, JdbcBindingBackendFactory.TYPE, what, storage.problem(), storage.action(), safe(failure));
        }
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
        StorageFailure storage = storage(failure).orElse(null);
        if (storage != null) {
            return SendException.refused(
                    channel, JdbcBindingBackendFactory.TYPE, storage.problem(), storage.action(), safe(failure));
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
