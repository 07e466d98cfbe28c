// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;

/**
 * The failure to go on without a lock or a leadership that was held before; somebody else may have it now.
 *
 * @since 1.0
 */
public final class LeaseLostException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final FencingToken token;

    /**
     * Create an exception for a lease.
     *
     * @param name name of the lock or leadership
     * @param token the grant that is over
     * @param reason why it is over, a clause
     */
    public LeaseLostException(String name, FencingToken token, String reason) {
        super(
                "MECHA-K303",
                "'%s' is not held any more under token %d: %s.".formatted(name, token.value(), reason),
                "Stop the work, or acquire it again and begin anew.",
                null);
        this.token = token;
    }

    /**
     * Return the grant that is over.
     *
     * @return its token
     */
    public FencingToken token() {
        return token;
    }
}
