// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import io.mecha.MechaException;
import io.mecha.jdbc.SchemaException;
import io.mecha.jdbc.SqlFailures;
import io.mecha.jdbc.StorageFailure;
import io.mecha.state.StateBackendException;
import io.mecha.state.StateContentionException;
import io.mecha.state.StateUnavailableException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The translation of a driver's failures into the exceptions of this project, once. */
public final class SqlErrors {

    private final String store;
    private final String type;

    /**
     * Speak of a store.
     *
     * @param store name of the store
     * @param type its type
     */
    public SqlErrors(String store, String type) {
        this.store = store;
        this.type = type;
    }

    /** Report that no connection could be had. */
    MechaException unreachable(@Nullable Throwable cause) {
        return cause != null && SqlFailures.isDenied(cause)
                ? denied(cause)
                : StateUnavailableException.nothingHappened(store, type, cause);
    }

    /** Report a database that does not let the application in. */
    private StateBackendException denied(Throwable cause) {
        return new StateBackendException(
                store,
                type,
                "it does not accept the application's user or password",
                "Check spring.datasource.username and spring.datasource.password, or those of the data source that the store names.",
                cause);
    }

    /**
     * Report a write of which nobody knows how it ended.
     *
     * @return the exception to throw
     */
    public StateUnavailableException unknown() {
        return StateUnavailableException.mayHaveHappened(store, type, null);
    }

    /**
     * Report to another caller what one was told.
     *
     * @param failure what it was told
     * @return the exception to throw
     */
    public StateUnavailableException again(StateUnavailableException failure) {
        return failure.mayHaveHappened()
                ? StateUnavailableException.mayHaveHappened(store, type, failure.getCause())
                : StateUnavailableException.nothingHappened(store, type, failure.getCause());
    }

    /** Report a transaction that the database ended in favour of others. */
    StateContentionException contention(SQLException exception, boolean joined) {
        return StateContentionException.transactionLost(
                store, code(exception), joined, SqlFailures.isSafe(exception) ? exception : null);
    }

    /**
     * Report what happened to a call.
     *
     * @param failure what the driver reported
     * @param sent whether a write may have been committed
     */
    MechaException translate(SQLException failure, boolean sent) {
        SQLException exception = SqlFailures.unwrap(failure);
        if (exception instanceof SchemaException schema) {
            return new StateBackendException(
                    store, type, String.valueOf(schema.getMessage()), schema.action(), schema.getCause());
        }
        if (SqlFailures.isLost(exception) && SqlFailures.isDenied(exception)) {
            return denied(exception);
        }
        if (SqlFailures.isLost(exception) || SqlFailures.isTimeout(exception)) {
            return sent
                    ? StateUnavailableException.mayHaveHappened(store, type, exception)
                    : StateUnavailableException.nothingHappened(store, type, exception);
        }
        StorageFailure storage = StorageFailure.of(exception).orElse(null);
        if (storage != null) {
            return new StateBackendException(
                    store,
                    type,
                    "%s (%s)".formatted(storage.problem(), code(exception)),
                    storage.action(),
                    SqlFailures.isSafe(exception) ? exception : null);
        }
        return new StateBackendException(
                store,
                type,
                code(exception),
                "See the server's log, then the table's definition and the user's privileges.",
                SqlFailures.isSafe(exception) ? exception : null);
    }

    private static String code(SQLException exception) {
        return "SQLState %s, code %d".formatted(exception.getSQLState(), exception.getErrorCode());
    }
}
