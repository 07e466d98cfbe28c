// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;

/**
 * The refusal of a call with an idempotency key inside a transaction whose isolation level keeps it from seeing what becomes of other
 * calls with the key. The call was not run.
 *
 * @since 1.0
 */
public final class CallIsolationException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Create an exception.
     *
     * @param level isolation level of the transaction
     */
    public CallIsolationException(String level) {
        super(
                "MECHA-K405",
                "A call with an idempotency key was made inside a transaction at %s, which cannot commit the result of the call with the"
                                .formatted(level)
                        + " rest.",
                "Begin the transaction at READ COMMITTED, as with @Transactional(isolation = Isolation.READ_COMMITTED), or make the call"
                        + " outside of it.",
                null);
    }
}
