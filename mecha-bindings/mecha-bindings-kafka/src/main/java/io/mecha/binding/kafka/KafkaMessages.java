// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The layout of messages by the Kafka protocol binding of CloudEvents: attributes in headers {@code ce_…}, the media type in
 * the header {@code content-type}, all in UTF-8; the key of the record is the key of the message; no value for no body.
 *
 * <p>A record that is passed on keeps its key and its headers byte for byte, those included that are no text, have no value or come
 * more than once; beside them stands what the engine adds. Its partition is that of its key; its timestamp is new, since
 * the broker deletes by it: a dead letter of an old record would be gone at once.
 *
 * @implNote Source: CloudEvents 1.0.2, Kafka Protocol Binding, sections 3.1 to 3.3.
 */
final class KafkaMessages {

    private static final String PREFIX = "ce_";
    private static final String CONTENT_TYPE = "content-type";
    private static final String HEX_PREFIX = "0x";

    /** What stands in a text for bytes that are none. */
    private static final char MALFORMED = '\ufffd';

    /** Most names that are kept, so that names a sender makes up do not fill the memory. */
    private static final int MOST_NAMES = 1_000;

    private static final Map<String, String> HEADER_NAMES = new ConcurrentHashMap<>();
    private static final Map<String, String> ATTRIBUTE_NAMES = new ConcurrentHashMap<>();

    private static final Message NOTHING = Message.received(null, null, Map.of(), Map.of(), null);

    private KafkaMessages() {}

    static ProducerRecord<byte[], byte[]> write(String topic, Message message) {
        if (message.original() instanceof KafkaOriginal original) {
            return passOn(topic, message, original.received());
        }
        return write(topic, message, bytes(message.key()), new RecordHeaders(), NOTHING);
    }

    /** Keep the bytes of everything that the message says as the record does: the key, and headers in their order. */
    private static ProducerRecord<byte[], byte[]> passOn(
            String topic, Message message, ConsumerRecord<byte[], byte[]> original) {
        Message said = read(original);
        RecordHeaders headers = new RecordHeaders();
        for (Header header : original.headers()) {
            if (Objects.equals(said(header, said), said(header, message))) {
                headers.add(header);
            }
        }
        byte[] key = Objects.equals(said.key(), message.key()) ? original.key() : bytes(message.key());
        return write(topic, message, key, headers, said);
    }

    /** Return what a message says of a header, by whatever name the header has there. */
    private static @Nullable String said(Header header, Message message) {
        String name = header.key();
        String attribute = attributeName(name);
        if (attribute != null) {
            return message.attributes().get(attribute);
        }
        return CONTENT_TYPE.equalsIgnoreCase(name)
                ? message.contentType()
                : message.headers().get(name.toLowerCase(Locale.ROOT));
    }

    private static ProducerRecord<byte[], byte[]> write(
            String topic, Message message, byte @Nullable [] key, RecordHeaders headers, Message written) {
        message.attributes().forEach((name, value) -> {
            if (HeaderNames.isCarriedAttribute(name)
                    && !value.equals(written.attributes().get(name))) {
                headers.add(header(headerName(name), value));
            }
        });
        String contentType = message.contentType();
        if (contentType != null && !contentType.equals(written.contentType())) {
            headers.add(header(CONTENT_TYPE, contentType));
        }
        message.headers().forEach((name, value) -> {
            if (HeaderNames.isCarried(name) && !value.equals(written.headers().get(name))) {
                headers.add(header(name, value));
            }
        });
        return new ProducerRecord<>(topic, null, null, key, message.body(), headers);
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String headerName(String attribute) {
        String known = HEADER_NAMES.get(attribute);
        return known == null ? remember(HEADER_NAMES, attribute, PREFIX + attribute) : known;
    }

    private static String remember(Map<String, String> names, String name, String other) {
        if (names.size() < MOST_NAMES) {
            names.put(name, other);
        }
        return other;
    }

    static Message read(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> attributes = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        String contentType = null;
        String contradiction = null;
        for (Header header : record.headers()) {
            byte[] value = header.value();
            if (value == null) {
                continue;
            }
            String text = new String(value, StandardCharsets.UTF_8);
            String name = header.key();
            String attribute = attributeName(name);
            if (attribute != null) {
                String other = attributes.put(attribute, text);
                if (other != null && !other.equals(text)) {
                    contradiction = attribute;
                }
            } else if (CONTENT_TYPE.equalsIgnoreCase(name)) {
                contentType = text;
            } else {
                String lower = name.toLowerCase(Locale.ROOT);
                if (HeaderNames.isCarried(lower)) {
                    headers.put(lower, text);
                }
            }
        }
        return Message.received(
                key(record.key()),
                contentType,
                attributes,
                headers,
                record.value(),
                new KafkaOriginal(record, contradiction));
    }

    /**
     * Return a key as text: what is no text in UTF-8 in hexadecimal digits, so that different keys stay different. Only shown: a
     * message that is passed on keeps the bytes.
     */
    private static @Nullable String key(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if ((character < ' ' && character != '\t' && character != '\n' && character != '\r')
                    || (character == MALFORMED && !Arrays.equals(bytes, bytes(text)))) {
                return HEX_PREFIX + HexFormat.of().formatHex(bytes);
            }
        }
        return text;
    }

    private static @Nullable String attributeName(String header) {
        String known = ATTRIBUTE_NAMES.get(header);
        if (known != null || header.length() <= PREFIX.length() || !header.startsWith(PREFIX)) {
            return known;
        }
        return remember(
                ATTRIBUTE_NAMES, header, header.substring(PREFIX.length()).toLowerCase(Locale.ROOT));
    }
}
