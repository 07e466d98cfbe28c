// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;

/**
 * The failure of a repeated call whose first one was done, but has left no result: its node ended, or the result could not be kept.
 *
 * <p>The call is not run again while its key is remembered. Look at what it did.
 *
 * @since 1.0
 */
public final class ResultLostException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Create an exception for a call.
     *
     * @param call what is called, in words
     */
    public ResultLostException(String call) {
        super(
                "MECHA-K402",
                "%s was done before with the same idempotency key, and its result is lost.".formatted(call),
                "Look at what it did, and use another key to do it again.",
                null);
    }
}
