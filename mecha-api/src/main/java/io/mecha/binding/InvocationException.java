// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The error that the other side of an operation answered with.
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
                action(channel, status),
                cause);
        this.status = status;
        this.body = body.clone();
    }

    private static String action(String channel, int status) {
        return switch (status) {
            case 401, 403 -> "Check the credentials that the channel sends, and their rights.";
            case 404 -> "Check %s and the path of the call.".formatted(PropertyNames.channel(channel, "destination"));
            case 409 -> "Read the present state of the resource, and call again.";
            case 429 -> "Call less often, and again later.";
            case 503 -> "Call again when the other side is back; this call may have had an effect.";
            default -> "Check the request against the documentation of the other side.";
        };
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
