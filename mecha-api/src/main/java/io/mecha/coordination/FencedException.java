// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;
import org.jspecify.annotations.Nullable;

/**
 * The refusal of a transaction whose token is not the newest of its name: somebody else got the lock or leadership since.
 *
 * @since 1.0
 */
public final class FencedException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final FencingToken token;

    /**
     * Create an exception for a token.
     *
     * @param name name of the lock or leadership
     * @param token the token that was refused
     * @param newest the newest token; {@code null} if none is known
     */
    public FencedException(String name, FencingToken token, @Nullable Long newest) {
        super(
                "MECHA-K304",
                "A transaction under token %d of '%s' was refused: the newest token is %s."
                        .formatted(token.value(), name, newest == null ? "not known" : newest),
                "Let the transaction roll back, and stop the work.",
                null);
        this.token = token;
    }

    /**
     * Return the token that was refused.
     *
     * @return a token that is not the newest
     */
    public FencingToken token() {
        return token;
    }
}
