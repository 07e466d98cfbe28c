// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;
import io.mecha.coordination.FencingToken;
import java.time.Duration;

/**
 * The failure of a call that breaks the rules of a {@link KeyValueStore}; nothing happened.
 *
 * <p>Retrying does not help: fix the calling code.
 *
 * @since 1.0
 */
public class InvalidStateRequestException extends MechaException {

    private static final long serialVersionUID = 1L;

    InvalidStateRequestException(String code, String problem, String action) {
        super(code, problem, action, null);
    }

    /**
     * Report a key that no store accepts.
     *
     * @param store name of the store
     * @param reason what is wrong with the key, for example {@code is blank}
     * @return the exception to throw
     */
    public static InvalidStateRequestException key(String store, String reason) {
        return new InvalidStateRequestException(
                "MECHA-S201",
                "State store '%s' was called with a key that %s.".formatted(store, reason),
                "Use 1 to 512 characters, not blank, without control characters, unpaired surrogates and '||mecha||'.");
    }

    /**
     * Report a time to live that no store accepts.
     *
     * @param store name of the store
     * @param timeToLive what was asked for
     * @return the exception to throw
     */
    public static InvalidStateRequestException timeToLive(String store, Duration timeToLive) {
        return new InvalidStateRequestException(
                "MECHA-S202",
                "State store '%s' was called with the time to live %s.".formatted(store, timeToLive),
                "Use one millisecond to 36,500 days, or PutOptions.noExpiry() to keep the value until it is removed.");
    }

    /**
     * Report a missing argument or result.
     *
     * @param store name of the store
     * @param what what is missing, for example {@code value}
     * @return the exception to throw
     */
    public static InvalidStateRequestException missing(String store, String what) {
        return new InvalidStateRequestException(
                "MECHA-S203",
                "State store '%s' was called with null as the %s.".formatted(store, what),
                "Pass a %s; call remove to delete a value.".formatted(what));
    }

    static InvalidStateRequestException version(String reason) {
        return new InvalidStateRequestException(
                "MECHA-S204",
                "A version that %s was given as a precondition.".formatted(reason),
                "Pass the version that find, put or replace returned, or use putIfAbsent for a key without a value.");
    }

    /**
     * Report a page token that this store did not hand out.
     *
     * @param store name of the store
     * @return the exception to throw
     */
    public static InvalidStateRequestException pageToken(String store) {
        return new InvalidStateRequestException(
                "MECHA-S206",
                "State store '%s' was asked for a page with a token that it did not issue.".formatted(store),
                "Pass the request that Page.next() returned, unchanged, to the same store.");
    }

    /**
     * Report a transaction with more operations than the backend takes.
     *
     * @param store name of the store
     * @param operations how many were asked for
     * @param limit how many the backend takes
     * @return the exception to throw
     */
    public static InvalidStateRequestException tooManyOperations(String store, int operations, int limit) {
        return new InvalidStateRequestException(
                "MECHA-S207",
                "A transaction on state store '%s' has %d operations; its backend takes %d."
                        .formatted(store, operations, limit),
                "Split the transaction.");
    }

    /**
     * Report the use of a lease inside a transaction that keeps what the lease needs.
     *
     * @param store name of the store
     * @param reason why it would wait in vain, a clause
     * @return the exception to throw
     */
    public static InvalidStateRequestException leaseInTransaction(String store, String reason) {
        return new InvalidStateRequestException(
                "MECHA-S208",
                "A lease of state store '%s' needs a connection of its own, but %s.".formatted(store, reason),
                "Acquire, renew and release outside of the transaction, or give the pool two connections or more.");
    }

    /**
     * Report a transaction that demands a lease of another store.
     *
     * @param store name of the store
     * @param token token of the lease
     * @return the exception to throw
     */
    public static InvalidStateRequestException foreignFence(String store, FencingToken token) {
        return new InvalidStateRequestException(
                "MECHA-S209",
                "A transaction on state store '%s' demands token %d of a lease that state store '%s' keeps."
                        .formatted(store, token.value(), token.store()),
                "Write to that store, set mecha.coordination.store to '%s', or keep the token beside the value and compare it."
                        .formatted(store));
    }
}
