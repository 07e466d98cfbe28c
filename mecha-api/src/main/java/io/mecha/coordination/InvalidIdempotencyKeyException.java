// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a call of an {@link Idempotent} method whose key cannot be used; nothing happened.
 *
 * @since 1.0
 */
public final class InvalidIdempotencyKeyException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Create an exception for a call.
     *
     * @param call what is called, in words
     * @param reason what is wrong with its key, a clause such as {@code is null}
     * @param cause why there is no key; {@code null} if there is one
     */
    public InvalidIdempotencyKeyException(String call, String reason, @Nullable Throwable cause) {
        super(
                "MECHA-K404",
                "The idempotency key of %s %s.".formatted(call, reason),
                "Pass arguments of which the key becomes 1 to 255 characters.",
                cause);
    }
}
