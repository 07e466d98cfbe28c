// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failure of an event that a backend did not take.
 *
 * <p>Retry later, unless it is {@link #permanent()}. If {@link #mayHaveHappened()}, the event may arrive twice then, unless the receiver
 * has an inbox and the event keeps its id.
 *
 * @since 1.0
 */
public final class SendException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final String channel;
    private final boolean mayHaveHappened;
    private final boolean permanent;
    private final transient List<Receipt> sent;

    private SendException(
            String code,
            String problem,
            String action,
            String channel,
            boolean mayHaveHappened,
            List<Receipt> sent,
            @Nullable Throwable cause) {
        this(code, problem, action, channel, mayHaveHappened, false, sent, cause);
    }

    private SendException(
            String code,
            String problem,
            String action,
            String channel,
            boolean mayHaveHappened,
            boolean permanent,
            List<Receipt> sent,
            @Nullable Throwable cause) {
        super(code, problem, action, cause);
        this.channel = channel;
        this.mayHaveHappened = mayHaveHappened;
        this.permanent = permanent;
        this.sent = List.copyOf(sent);
    }

    /**
     * Report a backend that cannot be reached; nothing was sent.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException unreachable(String channel, String type, @Nullable Throwable cause) {
        return new SendException(
                "MECHA-B301",
                "The %s backend of channel '%s' cannot be reached%s; nothing was sent."
                        .formatted(type, channel, reason(cause)),
                "Check that the server runs and that the application's connection settings name it, then try again.",
                channel,
                false,
                List.of(),
                cause);
    }

    /**
     * Report a server that can be reached, but does not let the application in; nothing was sent.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException denied(String channel, String type, @Nullable Throwable cause) {
        return new SendException(
                "MECHA-B319",
                "The %s backend of channel '%s' does not accept the application's credentials%s; nothing was sent."
                        .formatted(type, channel, reason(cause)),
                "Correct user and password in the application's connection settings, or the rights of the user.",
                channel,
                false,
                List.of(),
                cause);
    }

    /**
     * Report a send whose confirmation did not arrive.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException unconfirmed(String channel, String type, @Nullable Throwable cause) {
        return unconfirmedAs(channel, type, reason(cause), cause);
    }

    /**
     * Report a send that the backend answered without saying what became of the event.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param reason what it said and what to do about it, without the payload
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException unconfirmed(String channel, String type, String reason, @Nullable Throwable cause) {
        return unconfirmedAs(channel, type, ": " + reason, cause);
    }

    private static SendException unconfirmedAs(String channel, String type, String reason, @Nullable Throwable cause) {
        return new SendException(
                "MECHA-B302",
                "The %s backend of channel '%s' did not confirm%s; the event may have been sent."
                        .formatted(type, channel, reason),
                "Send it again with the same id, and let receivers have an inbox.",
                channel,
                true,
                List.of(),
                cause);
    }

    /**
     * Report a backend that refused an event for a reason that may pass, such as a right that is missing or a queue that is full; nothing
     * was sent.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param reason what it said, without the payload
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException refused(String channel, String type, String reason, @Nullable Throwable cause) {
        return refused(channel, type, reason, "Change the event or what the backend allows.", cause);
    }

    /**
     * Report a backend that refused an event for a reason that is known not to be the event; nothing was sent.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param reason what the backend says, without the payload
     * @param action what to do, a sentence
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException refused(
            String channel, String type, String reason, String action, @Nullable Throwable cause) {
        return new SendException(
                "MECHA-B303",
                "The %s backend of channel '%s' refused an event: %s.".formatted(type, channel, reason),
                action,
                channel,
                false,
                List.of(),
                cause);
    }

    /**
     * Report a backend that will never take an event as it is, however often it is sent, for example because it is too large; nothing was
     * sent.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param reason what is wrong with it, without the payload
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException unacceptable(String channel, String type, String reason, @Nullable Throwable cause) {
        return new SendException(
                "MECHA-B303",
                "The %s backend of channel '%s' refused an event for good: %s.".formatted(type, channel, reason),
                "Change the event, or raise the limit that it exceeds; trying again does not help.",
                channel,
                false,
                true,
                List.of(),
                cause);
    }

    /**
     * Report that nobody would receive an event; nothing was sent.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param destination where it was sent
     * @return the exception to throw
     */
    public static SendException unroutable(String channel, String type, String destination) {
        return new SendException(
                "MECHA-B304",
                "Channel '%s' sends to %s destination '%s', which no group receives from; the event was not kept."
                        .formatted(channel, type, destination),
                "Start a receiver first, or name its group in %s."
                        .formatted(PropertyNames.channel(channel, "in.group")),
                channel,
                false,
                List.of(),
                null);
    }

    /**
     * Report a destination that does not exist, and that the application does not make; nothing was sent.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param destination where it was sent
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static SendException absent(String channel, String type, String destination, @Nullable Throwable cause) {
        return new SendException(
                "MECHA-B318",
                "The %s destination '%s' of channel '%s' does not exist; nothing was sent."
                        .formatted(type, destination, channel),
                "Create it, or let the application do so with %s."
                        .formatted(PropertyNames.channel(channel, type + ".declare")),
                channel,
                false,
                List.of(),
                cause);
    }

    /**
     * Report that the backend took no more events for too long; nothing was sent.
     *
     * @param channel name of the channel
     * @param waited how long the sender waited
     * @return the exception to throw
     */
    public static SendException overflow(String channel, Duration waited) {
        return new SendException(
                "MECHA-B305",
                "Channel '%s' had no room for another event within %s; nothing was sent.".formatted(channel, waited),
                "Send less, or raise %1$s.max-in-flight or %1$s.timeout."
                        .formatted(PropertyNames.channel(channel, "out")),
                channel,
                false,
                List.of(),
                null);
    }

    /**
     * Report a channel that was closed; nothing was sent.
     *
     * @param channel name of the channel
     * @return the exception to throw
     */
    public static SendException closed(String channel) {
        return new SendException(
                "MECHA-B306",
                "Channel '%s' was used after it was closed; nothing was sent.".formatted(channel),
                "Stop senders before the channel is closed, for example by letting Spring inject it.",
                channel,
                false,
                List.of(),
                null);
    }

    /**
     * Report that of several events only some were sent.
     *
     * @param channel name of the channel
     * @param sent receipts of those that were sent
     * @param count how many were to be sent
     * @param cause why the first of the others was not
     * @return the exception to throw
     */
    public static SendException partly(String channel, List<Receipt> sent, int count, MechaException cause) {
        return new SendException(
                "MECHA-B307",
                "Of %d events for channel '%s', %d were sent.".formatted(count, channel, sent.size()),
                "Send the others again; the exception has the receipts of those that were sent.",
                channel,
                cause instanceof SendException failure && failure.mayHaveHappened(),
                cause instanceof SendException failure && failure.permanent(),
                sent,
                cause);
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "" : " (%s)".formatted(cause.getClass().getSimpleName());
    }

    /**
     * Return which channel was used.
     *
     * @return name of the channel
     */
    public String channel() {
        return channel;
    }

    /**
     * Tell what is known about the event.
     *
     * @return {@code true} if it may have been sent; {@code false} if it was not
     */
    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }

    /**
     * Tell whether trying again is of no use.
     *
     * @return {@code true} if the backend will not take this event as it is, whenever it is sent; {@code false} if it may later
     */
    public boolean permanent() {
        return permanent;
    }

    /**
     * Return what was sent of several events.
     *
     * @return receipts; empty for a single event
     */
    public List<Receipt> sent() {
        return sent == null ? List.of() : sent;
    }
}
