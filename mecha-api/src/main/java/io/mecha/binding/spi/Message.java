// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message as an adapter carries it.
 *
 * <p>Immutable. What an engine sends may compute its parts when asked: a backend in this JVM can hand the instance on without
 * asking. A message that was received comes from {@link #received}.
 *
 * @since 1.0
 */
public interface Message {

    /**
     * Return the key, which partitioned backends partition by.
     *
     * @return the key, or {@code null}
     */
    @Nullable String key();

    /**
     * Return the media type of the body.
     *
     * @return the media type as written, with its parameters, or {@code null}; {@code application/cloudevents…} says that the
     *     body holds whole events
     */
    @Nullable String contentType();

    /**
     * Return the attributes of the event by their CloudEvents names, except {@code datacontenttype}, as text.
     *
     * @return text by name, in lower case, {@code specversion} included; empty if the body holds whole events, or if the
     *     message is no event
     * @implSpec An adapter carries each as its protocol binding of CloudEvents says, for example in Kafka as a header {@code
     *     ce_<name>} and in HTTP as {@code ce-<name>}, percent-encoded. It leaves out what is not {@link
     *     HeaderNames#isCarriedAttribute carried}.
     */
    Map<String, String> attributes();

    /**
     * Return the headers that are no attributes.
     *
     * @return text by name, in lower case
     * @implSpec An adapter neither writes nor reads a header that is not {@link HeaderNames#isCarried carried}: none becomes an
     *     attribute, the media type or a mark on the way, on this transport or the next.
     */
    Map<String, String> headers();

    /**
     * Return the body.
     *
     * @return any number of bytes, do not change them; {@code null} for none, which Kafka knows as a tombstone
     */
    byte @Nullable [] body();

    /**
     * Return how much later the message is to be delivered.
     *
     * @return a positive duration, or {@code null} for now; only where the backend offers {@link Delay}
     */
    @Nullable Duration delay();

    /**
     * Return when the message expires, counted from now, or from the end of its delay.
     *
     * @return a positive duration, or {@code null} for never; a hint where the backend does not offer {@link Expiry}
     */
    @Nullable Duration timeToLive();

    /**
     * Return the message as its adapter received it, if this one passes it on: as a dead letter, or back to its channel.
     *
     * @return the adapter's own record of it, immutable; {@code null} if the message was made here, or if its parts say everything.
     *     Meant for the adapter that made it: everybody else hands it on and does not look at it
     * @implSpec An adapter that meets a record of its own writes as it was received what this message still says as the
     *     record does, byte for byte: the key, each header, and what it cannot say at all, such as bytes that are no text or a name that
     *     comes twice. What this message says differently, in addition or not any more counts. A record of another adapter
     *     is ignored.
     */
    @Nullable Object original();

    /**
     * Make a message from what came over the wire.
     *
     * @param key the key, or {@code null}
     * @param contentType media type of the body, or {@code null}
     * @param attributes attributes without the prefix of the protocol, names in lower case; not copied
     * @param headers other headers, names in lower case; not copied
     * @param body the body, or {@code null}; not copied
     * @return the message
     */
    static Message received(
            @Nullable String key,
            @Nullable String contentType,
            Map<String, String> attributes,
            Map<String, String> headers,
            byte @Nullable [] body) {
        return new ReceivedMessage(key, contentType, attributes, headers, body, null);
    }

    /**
     * Make a message from what came over the wire, which its parts do not say in full.
     *
     * @param key the key, or {@code null}
     * @param contentType media type of the body, or {@code null}
     * @param attributes attributes without the prefix of the protocol, names in lower case; not copied
     * @param headers other headers, names in lower case; not copied
     * @param body the body, or {@code null}; not copied
     * @param original see {@link #original}
     * @return the message
     */
    static Message received(
            @Nullable String key,
            @Nullable String contentType,
            Map<String, String> attributes,
            Map<String, String> headers,
            byte @Nullable [] body,
            @Nullable Object original) {
        return new ReceivedMessage(key, contentType, attributes, headers, body, original);
    }
}
