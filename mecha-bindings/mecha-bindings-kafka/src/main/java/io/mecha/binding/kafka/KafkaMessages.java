// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Lay messages out as the Kafka protocol binding of CloudEvents says: attributes in headers {@code ce_…}, the media type in the header
 * {@code content-type}, all in UTF-8; the key of the record is the key of the message; no value for no body.
 *
 * @implNote Source: CloudEvents 1.0.2, Kafka Protocol Binding, sections 3.1 to 3.3.
 */
final class KafkaMessages {

    private static final String PREFIX = "ce_";
    private static final String CONTENT_TYPE = "content-type";

    /** Most names that are kept, so that names a sender makes up do not fill the memory. */
    private static final int MOST_NAMES = 1_000;

    private static final Map<String, String> HEADER_NAMES = new ConcurrentHashMap<>();
    private static final Map<String, String> ATTRIBUTE_NAMES = new ConcurrentHashMap<>();

    private KafkaMessages() {}

    static ProducerRecord<byte[], byte[]> write(String topic, Message message) {
        RecordHeaders headers = new RecordHeaders();
        message.attributes().forEach((name, value) -> headers.add(header(headerName(name), value)));
        if (message.contentType() != null) {
            headers.add(header(CONTENT_TYPE, message.contentType()));
        }
        message.headers().forEach((name, value) -> {
            if (HeaderNames.isCarried(name)) {
                headers.add(header(name, value));
            }
        });
        return new ProducerRecord<>(topic, null, null, bytes(message.key()), message.body(), headers);
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
        for (Header header : record.headers()) {
            byte[] value = header.value();
            if (value == null) {
                continue;
            }
            String text = new String(value, StandardCharsets.UTF_8);
            String name = header.key();
            String attribute = attributeName(name);
            if (attribute != null) {
                attributes.put(attribute, text);
            } else if (CONTENT_TYPE.equalsIgnoreCase(name)) {
                contentType = text;
            } else {
                String lower = name.toLowerCase(Locale.ROOT);
                if (HeaderNames.isCarried(lower)) {
                    headers.put(lower, text);
                }
            }
        }
        byte[] key = record.key();
        return Message.received(
                key == null ? null : new String(key, StandardCharsets.UTF_8),
                contentType,
                attributes,
                headers,
                record.value());
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
