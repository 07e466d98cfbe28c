// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a write that lost to other writers, in every attempt or for good; nothing was written.
 *
 * @since 1.0
 */
public final class StateContentionException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Create an exception for a key.
     *
     * @param store name of the store
     * @param key key in this store
     * @param attempts how often the change was tried
     */
    public StateContentionException(String store, String key, int attempts) {
        super(
                "MECHA-S303",
                "Key '%s' in state store '%s' was changed by other writers in each of %d attempts."
                        .formatted(key, store, attempts),
                "Spread the writes over several keys, or try again later.",
                null);
    }

    private StateContentionException(String problem, String action, @Nullable Throwable cause) {
        super("MECHA-S306", problem, action, cause);
    }

    /**
     * Report a transaction that the database ended in favour of others.
     *
     * @param store name of the store
     * @param reason the database's code
     * @param surrounding whether it is one of the application, which only the application can run again
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static StateContentionException transactionLost(
            String store, String reason, boolean surrounding, @Nullable Throwable cause) {
        return new StateContentionException(
                "%s lost to other writers of state store '%s' (%s): rows that it read were changed, or both waited for each other."
                        .formatted(surrounding ? "The surrounding transaction" : "A transaction", store, reason),
                surrounding
                        ? "Run the whole transaction again, or use the isolation level read committed."
                        : "Try again later, or write fewer keys at once.",
                cause);
    }

    /**
     * Report a surrounding transaction that does not see what others have changed since it began.
     *
     * @param store name of the store
     * @param key key in this store
     * @return the exception to throw
     */
    public static StateContentionException changeNotSeen(String store, String key) {
        return new StateContentionException(
                ("Key '%s' in state store '%s' was changed by other writers after the surrounding transaction read it,"
                                + " and the transaction does not see the change.")
                        .formatted(key, store),
                "Run the whole transaction again, or use the isolation level read committed.",
                null);
    }
}
