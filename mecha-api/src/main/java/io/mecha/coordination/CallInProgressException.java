// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;
import java.time.Duration;

/**
 * The failure of a call of an {@link Idempotent} method while the first one with its key runs; nothing happened.
 *
 * <p>Trying again later gives the result of the first one.
 *
 * @since 1.0
 */
public final class CallInProgressException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /**
     * Create an exception for a call.
     *
     * @param call what is called, in words
     * @param retryAfter after what time to try again
     */
    public CallInProgressException(String call, Duration retryAfter) {
        super(
                "MECHA-K401",
                "%s runs already with the same idempotency key.".formatted(call),
                "Try again later; set mecha.coordination.idempotency.maximum-wait to wait longer for the result.",
                null);
        this.retryAfter = retryAfter;
    }

    /**
     * Return after what time to try again.
     *
     * @return an estimate, never negative
     */
    public Duration retryAfter() {
        return retryAfter;
    }
}
