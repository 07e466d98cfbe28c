// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Report that the other side of an operation answered with an error.
 *
 * @since 1.0
 */
public final class InvocationException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient byte[] body;

    /**
     * Report an error of the other side.
     *
     * @param channel name of the channel
     * @param operation what was called
     * @param status its status code, for example of HTTP; 0 if it has none
     * @param body what it answered; not shown in the message
     * @param cause what the client library reported, if anything
     */
    public InvocationException(String channel, String operation, int status, byte[] body, @Nullable Throwable cause) {
        super(
                "MECHA-B310",
                "Operation '%s' of channel '%s' was answered with %s."
                        .formatted(operation, channel, status == 0 ? "an error" : "status " + status),
                "See what the other side expects.",
                cause);
        this.status = status;
        this.body = body.clone();
    }

    /**
     * Return the status code.
     *
     * @return the status code, if there is one
     */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /**
     * Return what the other side answered.
     *
     * @return a copy; empty on an instance that was deserialised
     */
    public byte[] body() {
        return body == null ? new byte[0] : body.clone();
    }
}
