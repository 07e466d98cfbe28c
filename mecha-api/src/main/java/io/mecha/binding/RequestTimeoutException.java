// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import java.time.Duration;

/**
 * The failure of a request whose reply did not come in time; the request may have been handled.
 *
 * @since 1.0
 */
public final class RequestTimeoutException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Report a missing reply.
     *
     * @param channel name of the channel
     * @param timeout how long the caller waited
     */
    public RequestTimeoutException(String channel, Duration timeout) {
        super(
                "MECHA-B309",
                "No reply to a request on channel '%s' came within %s; it may have been handled."
                        .formatted(channel, timeout),
                "Check that a handler of the channel returns a value, or wait longer.",
                null);
    }
}
