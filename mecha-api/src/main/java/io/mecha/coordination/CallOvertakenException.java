// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;

/**
 * The failure of a call that stood still for longer than its lease, so that another node has taken its key; its result is refused, and
 * a transaction in the database of the state store is rolled back.
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
                "A call with an idempotency key stood still for longer than its lease, and another one has taken the key.",
                "Try again to get the result of the other one; raise mecha.coordination.idempotency.lease if it happens often.",
                null);
    }
}
