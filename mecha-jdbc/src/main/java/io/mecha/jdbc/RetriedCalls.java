// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.runtime.Backoff;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls to a database: they fail at once while it does not answer, and run again when it undid them in favour of others.
 *
 * <p>A call that joined a transaction of the application does not run again, because the transaction is undone with it. Before it runs
 * again there is a pause that is left to chance, without a connection. Thread-safe.
 *
 * @param <L> what is known of a database that answers
 */
public final class RetriedCalls<L> {

    private static final int MOST = 10;
    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofMillis(2), Duration.ofMillis(64)).shortened(1);

    private final Guard<L> guard;

    /**
     * Make calls to a database.
     *
     * @param guard knows whether it answers, and learns when a connection is lost
     */
    public RetriedCalls(Guard<L> guard) {
        this.guard = guard;
    }

    /** The use of a connection for one attempt; closing it gives the connection back, and does not fail. */
    public interface Use extends AutoCloseable {

        /**
         * Tell whether the transaction of the application is active on the connection.
         *
         * @return whether this use leaves the end of it to the application
         */
        boolean joined();

        /**
         * Tell whether a call may succeed when it is run again.
         *
         * @param failure what the database reported
         * @return whether nothing of the call stays, and the database undid it in favour of others
         */
        boolean isTransient(SQLException failure);

        @Override
        void close();
    }

    /**
     * The work of a call with a connection.
     *
     * @param <U> the use of it
     * @param <T> result
     */
    @FunctionalInterface
    public interface Call<U, T extends @Nullable Object> {

        /**
         * Do it, perhaps again after the database undid it.
         *
         * @param use the connection
         * @return the result
         * @throws SQLException if the database refuses it
         */
        T run(U use) throws SQLException;
    }

    /**
     * Make a call.
     *
     * @param opening opens a connection for each attempt
     * @param call the work with it
     * @param failure translates what the last attempt failed with
     * @param <U> the use of a connection
     * @param <T> result
     * @param <X> the translated failure
     * @return the result
     * @throws NotStartedException if there is no connection
     * @throws X if it failed for good
     */
    public <U extends Use, T extends @Nullable Object, X extends Exception> T run(
            Guard.Opening<L, U> opening, Call<U, T> call, BiFunction<SQLException, U, X> failure)
            throws NotStartedException, X {
        for (int attempt = 1; ; attempt++) {
            U use = guard.open(opening);
            try (use) {
                return call.run(use);
            } catch (SQLException e) {
                if (SqlFailures.isLost(e)) {
                    guard.suspect(e);
                }
                if (attempt == MOST || use.joined() || !use.isTransient(SqlFailures.unwrap(e))) {
                    throw failure.apply(e, use);
                }
            }
            PAUSES.pause(attempt);
        }
    }
}
