// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import org.jspecify.annotations.Nullable;

/**
 * The failure of an event or a request that a channel cannot take or read; nothing was sent and nothing was handled.
 *
 * <p>Retrying does not help: fix the code that sends.
 *
 * @since 1.0
 */
public final class InvalidEventException extends MechaException {

    private static final long serialVersionUID = 1L;

    private InvalidEventException(String code, String problem, String action, @Nullable Throwable cause) {
        super(code, problem, action, cause);
    }

    /**
     * Report an argument that cannot be used.
     *
     * @param channel name of the channel
     * @param reason what is wrong, for example {@code its key has 600 characters}
     * @param action what to do instead
     * @return the exception to throw
     */
    public static InvalidEventException unusable(String channel, String reason, String action) {
        return new InvalidEventException(
                "MECHA-B201", "An event for channel '%s' cannot be sent: %s.".formatted(channel, reason), action, null);
    }

    /**
     * Report a message that is no event.
     *
     * @param channel name of the channel
     * @param reason what is wrong, without the data
     * @return the exception to throw
     */
    public static InvalidEventException unreadable(String channel, String reason) {
        return new InvalidEventException(
                "MECHA-B202",
                "A message of channel '%s' is not a CloudEvent: %s.".formatted(channel, reason),
                "Send CloudEvents, or set %s to raw.".formatted(PropertyNames.channel(channel, "encoding")),
                null);
    }

    /**
     * Report a payload that cannot be read as what the handler takes.
     *
     * @param channel name of the channel
     * @param id id of the event
     * @param cause what the codec reported
     * @return the exception to throw
     */
    public static InvalidEventException payload(String channel, String id, MechaException cause) {
        return new InvalidEventException(
                "MECHA-B203",
                "The data of event '%s' of channel '%s' cannot be read. %s".formatted(id, channel, cause.problem()),
                "Receive it as the type that was sent, or make that type accept the older form.",
                cause);
    }

    /**
     * Report an event that is larger than the backend takes.
     *
     * @param channel name of the channel
     * @param size bytes of the event
     * @param limit most bytes that the backend takes
     * @return the exception to throw
     */
    public static InvalidEventException tooLarge(String channel, long size, long limit) {
        return new InvalidEventException(
                "MECHA-B204",
                "An event of %d bytes for channel '%s' is larger than its backend takes, %d bytes."
                        .formatted(size, channel, limit),
                "Store the data elsewhere and send a reference to it.",
                null);
    }

    /**
     * Report an operation that a channel does not have.
     *
     * @param channel name of the channel
     * @param operation what was called
     * @param operations what can be called
     * @return the exception to throw
     */
    public static InvalidEventException operation(String channel, String operation, Iterable<String> operations) {
        return new InvalidEventException(
                "MECHA-B205",
                "Channel '%s' has no operation '%s'.".formatted(channel, operation),
                operations.iterator().hasNext()
                        ? "Call one of: %s.".formatted(String.join(", ", operations))
                        : "Its type has no operations: send to it instead.",
                null);
    }
}
