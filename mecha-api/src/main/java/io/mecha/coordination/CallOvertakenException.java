// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;

/**
 * The failure of a call that stood still for longer than its lease, so that another node has taken its key, or whose transaction began
 * before another one with the key was done; its result is refused, and a transaction in the database of the state store is rolled back.
 *
 * <p>Trying again gives the result of the other call.
 *
 * @since 1.0
 */
public final class CallOvertakenException extends MechaException {

    private static final long serialVersionUID = 1L;

    /** Create an exception. */
    public CallOvertakenException() {
        super(
                "MECHA-K403",
                "Another call has taken the idempotency key of one that stood still for longer than its lease, or whose transaction"
                        + " began before the other was done.",
                "Try again to get the result of the other one; raise mecha.coordination.idempotency.lease if it happens often.",
                null);
    }
}
