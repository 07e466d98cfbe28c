// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;
import java.time.Duration;

/**
 * The failure of a call that breaks the rules of locks and leaders; nothing happened.
 *
 * <p>Retrying does not help: fix the calling code.
 *
 * @since 1.0
 */
public final class InvalidCoordinationRequestException extends MechaException {

    private static final long serialVersionUID = 1L;

    private InvalidCoordinationRequestException(String code, String problem, String action) {
        super(code, problem, action, null);
    }

    /**
     * Report a text that cannot be a name.
     *
     * @param what of what it is to be the name, for example {@code lock}
     * @param reason what is wrong with it, for example {@code is blank}
     * @return the exception to throw
     */
    public static InvalidCoordinationRequestException name(String what, String reason) {
        return new InvalidCoordinationRequestException(
                "MECHA-K201",
                "A %s was asked for by a name that %s.".formatted(what, reason),
                "Use 1 to 512 characters, not blank, without control characters and unpaired surrogates.");
    }

    /**
     * Report a time that is out of bounds.
     *
     * @param what what it is for, for example {@code lease}
     * @param given what was asked for
     * @param bounds what is allowed
     * @return the exception to throw
     */
    public static InvalidCoordinationRequestException duration(String what, Duration given, String bounds) {
        return new InvalidCoordinationRequestException(
                "MECHA-K202", "The %s of a lock or leader is %s.".formatted(what, given), "Use %s.".formatted(bounds));
    }

    /**
     * Report a guard in a transaction that it cannot be part of.
     *
     * @param name name of the lock or leadership
     * @param store name of the state store that keeps the lease
     * @param reason why it cannot, a clause
     * @return the exception to throw
     */
    public static InvalidCoordinationRequestException guard(String name, String store, String reason) {
        return new InvalidCoordinationRequestException(
                "MECHA-K203",
                "The lease of '%s' in state store '%s' cannot guard the transaction of this thread: %s."
                        .formatted(name, store, reason),
                "Call guard() in a transaction on the DataSource of that store, keep leases in a store on the DataSource that is written to"
                        + " (mecha.coordination.store), or pass token() to what is written.");
    }

    /**
     * Report the use of locks or leaders after their end.
     *
     * @param name name of the lock or leadership
     * @return the exception to throw
     */
    public static InvalidCoordinationRequestException closed(String name) {
        return new InvalidCoordinationRequestException(
                "MECHA-K204",
                "'%s' was asked for after locks and leaders of this node were closed.".formatted(name),
                "Acquire locks and join elections only while the application runs.");
    }
}
