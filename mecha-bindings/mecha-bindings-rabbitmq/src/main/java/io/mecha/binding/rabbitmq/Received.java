// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageIdentity;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as the broker delivered it, for a message that passes it on.
 *
 * <p>All that the new message says as this one did stays as it was, with its type. Not passed on is what would tell the broker to do
 * something: an expiration, which would have a dead letter vanish, the user, which the broker compares with the connection,
 * copies to other routing keys, and a reply queue that belongs to another connection.
 */
record Received(String routingKey, BasicProperties properties) {

    private static final byte[] NOTHING = {};
    private static final Set<String> ORDERS = Set.of("CC", "BCC", WireFormat.DELIVERIES);
    private static final Set<String> OWN = Set.of(WireFormat.SEQUENCE, WireFormat.KEY, WireFormat.NO_DATA);
    private static final String DIRECT_REPLY = "amq.rabbitmq.reply-to";

    /** Returns by what a message is known; not by its delivery tag, which begins again with each channel. */
    static MessageIdentity.@Nullable Identity identity(Delivery delivery) {
        if (!(delivery.message().original() instanceof Received received)) {
            return null;
        }
        String id = received.properties.getMessageId();
        Date time = received.properties.getTimestamp();
        return id == null || id.isEmpty()
                ? null
                : new MessageIdentity.Identity(id, null, time == null ? null : time.toInstant());
    }

    /** Returns the routing key for a message that passes this one on; {@code null} if it has another key. */
    static @Nullable String routingKey(Message message) {
        return message.original() instanceof Received received
                        && Objects.equals(received.said().key(), message.key())
                ? received.routingKey
                : null;
    }

    /** Begins with the properties of this message, but for those that the new message says itself. */
    BasicProperties.Builder builder() {
        String replyTo = properties.getReplyTo();
        return properties
                .builder()
                .replyTo(DIRECT_REPLY.equals(replyTo) ? null : replyTo)
                .userId(null);
    }

    /** Returns the headers that a message which passes this one on still says as this one did, and those that it cannot say. */
    Map<String, Object> headers(Message message) {
        Map<String, Object> kept = new HashMap<>();
        Map<String, Object> headers = properties.getHeaders();
        if (headers == null) {
            return kept;
        }
        Message said = said();
        headers.forEach((name, value) -> {
            if (!OWN.contains(name)
                    && !ORDERS.contains(name)
                    && Objects.equals(said(name, said), said(name, message))
                    && isRead(name, value, said)) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    /** Tells whether an attribute is not hidden by another header for it, which would be read in its place in another order. */
    private static boolean isRead(String header, @Nullable Object value, Message said) {
        String attribute = WireFormat.attribute(header);
        return attribute == null
                || WireFormat.text(value).equals(said.attributes().get(attribute));
    }

    private Message said() {
        return WireFormat.message(routingKey, properties, NOTHING);
    }

    /** Returns what a message says of a header, by whatever name the header has there. */
    private static @Nullable String said(String header, Message message) {
        String attribute = WireFormat.attribute(header);
        return attribute != null
                ? message.attributes().get(attribute)
                : message.headers().get(header.toLowerCase(Locale.ROOT));
    }
}
