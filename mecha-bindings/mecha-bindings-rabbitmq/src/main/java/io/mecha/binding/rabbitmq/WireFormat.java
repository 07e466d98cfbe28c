// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form of messages as AMQP properties. CloudEvents has no binding for AMQP 0-9-1; attributes are headers as in that for
 * AMQP 1.0, so that brokers which translate between both keep them.
 *
 * <p>Source: CloudEvents AMQP protocol binding 1.0.2, section 3.1.3.1.
 */
final class WireFormat {

    /** Number of the message on its channel, to recognise it when the broker returns it. */
    static final String SEQUENCE = "mecha-sequence";

    private static final String PREFIX = "cloudEvents:";
    private static final String PREFIX_OF_OTHERS = "cloudEvents_";
    /** The key, unless the attribute for it holds it. */
    static final String KEY = "mecha-key";

    /** Mark of a message without a body, which AMQP does not know. */
    static final String NO_DATA = "mecha-no-data";

    /** How often a quorum queue delivered the message before; not for another queue. */
    static final String DELIVERIES = "x-delivery-count";

    private static final String KEY_ATTRIBUTE = "partitionkey";
    private static final int PERSISTENT = 2;

    private WireFormat() {}

    static BasicProperties properties(String id, Message message, long sequence) {
        Received received = message.original() instanceof Received original ? original : null;
        Map<String, Object> headers = received == null ? new HashMap<>() : received.headers(message);
        Set<String> kept = received == null ? Set.of() : names(headers);
        message.headers().forEach((name, value) -> {
            if (HeaderNames.isCarried(name) && !kept.contains(name) && !name.equals(DELIVERIES)) {
                headers.put(name, value);
            }
        });
        message.attributes().forEach((name, value) -> {
            String header = PREFIX + name;
            if (HeaderNames.isCarriedAttribute(name) && !kept.contains(header)) {
                headers.put(header, value);
            }
        });
        headers.put(SEQUENCE, sequence);
        String key = message.key();
        if (key != null && !key.equals(message.attributes().get(KEY_ATTRIBUTE))) {
            headers.put(KEY, key);
        }
        if (message.body() == null) {
            headers.put(NO_DATA, true);
        }
        BasicProperties.Builder properties = received == null ? new BasicProperties.Builder() : received.builder();
        if (received == null || received.properties().getMessageId() == null) {
            properties.messageId(Topology.fits(id) ? id : null);
        }
        return properties
                .contentType(message.contentType())
                .deliveryMode(PERSISTENT)
                .expiration(expiration(message))
                .headers(headers)
                .build();
    }

    /** Returns the names by which a message says what headers hold. */
    private static Set<String> names(Map<String, Object> headers) {
        Set<String> names = new HashSet<>();
        for (String name : headers.keySet()) {
            String attribute = attribute(name);
            names.add(attribute == null ? name.toLowerCase(Locale.ROOT) : PREFIX + attribute);
        }
        return names;
    }

    // A delayed message would lose its time to live, or its delay, and the broker refuses a long one and closes the
    // channel; so the
    // receiver looks at the expiry instead.
    private static @Nullable String expiration(Message message) {
        Duration timeToLive = message.timeToLive();
        return timeToLive == null || message.delay() != null || timeToLive.compareTo(RabbitBindingBackend.LONGEST) > 0
                ? null
                : Long.toString(Math.max(1, timeToLive.toMillis()));
    }

    static Message message(String routingKey, BasicProperties properties, byte[] body) {
        Map<String, String> attributes = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        String carried = null;
        boolean noData = false;
        if (properties.getHeaders() != null) {
            for (Map.Entry<String, Object> header : properties.getHeaders().entrySet()) {
                String name = header.getKey();
                String attribute = attribute(name);
                if (attribute != null) {
                    read(attributes, name, attribute, text(header.getValue()));
                } else if (name.equals(NO_DATA)) {
                    noData = true;
                } else if (name.equals(KEY)) {
                    carried = text(header.getValue());
                } else if (HeaderNames.isCarried(name) && !(header.getValue() instanceof Iterable)) {
                    headers.put(name.toLowerCase(Locale.ROOT), text(header.getValue()));
                }
            }
        }
        return Message.received(
                carried == null ? attributes.get(KEY_ATTRIBUTE) : carried,
                properties.getContentType(),
                attributes,
                headers,
                noData ? null : body,
                new Received(routingKey, properties));
    }

    /** Adds an attribute, as the standard writes it if it comes in several ways, whose order is nobody's. */
    private static void read(Map<String, String> attributes, String header, String attribute, String value) {
        if (header.length() == PREFIX.length() + attribute.length()
                && header.startsWith(PREFIX)
                && header.endsWith(attribute)) {
            attributes.put(attribute, value);
        } else {
            attributes.putIfAbsent(attribute, value);
        }
    }

    /** Returns the attribute that a header holds; {@code null} if it holds none. */
    static @Nullable String attribute(String header) {
        return header.startsWith(PREFIX) || header.startsWith(PREFIX_OF_OTHERS)
                ? header.substring(PREFIX.length()).toLowerCase(Locale.ROOT)
                : null;
    }

    /**
     * Tells how often the broker handed the message out, as far as it counts.
     *
     * @param counted whether the queue counts; it writes the count over that of a sender when it delivers again
     */
    static int attempt(Envelope envelope, BasicProperties properties, boolean counted) {
        if (!envelope.isRedeliver()) {
            return 1;
        }
        Object count =
                properties.getHeaders() == null ? null : properties.getHeaders().get(DELIVERIES);
        return counted && count instanceof Number number ? Math.max(number.intValue(), 1) + 1 : 2;
    }

    static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }
}
