// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.ValueReader;
import com.rabbitmq.client.impl.ValueWriter;
import io.mecha.binding.spi.SigningKeys;
import io.mecha.runtime.Repeated;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The header that keeps what a message was like before it was put aside: what the way there and back would add or obey.
 *
 * <p>All senders of a queue can write any header. This one is a table in the encoding of AMQP after a signature, which is bound to
 * the queue of the group, the id of the message and its body. Without the signature of one of the keys it is ignored and removed.
 */
final class AsideMark {

    static final String HEADER = "mecha-aside";

    private static final Logger LOG = LoggerFactory.getLogger(AsideMark.class);
    private static final String ROUTING_KEY = "routing-key";
    private static final String COPIES = "CC";
    private static final List<String> HISTORY = List.of("x-death", "x-first-death-", "x-last-death-");
    private static final byte[] KIND = "rabbitmq.aside.v1.".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = {(byte) 0xFF};
    private static final byte[] NOTHING = {};
    private static final int SIGNATURE = 32;

    private final SigningKeys keys;
    private final String name;
    private final String queue;
    private final Repeated unverified = new Repeated();

    /**
     * Mark what is put aside of a queue.
     *
     * @param name name of the channel, for messages
     */
    AsideMark(SigningKeys keys, String name, String queue) {
        this.keys = keys;
        this.name = name;
        this.queue = queue;
    }

    /**
     * A message as it was before it was put aside, or as it came.
     *
     * @param attempts how often it was handed out before it was put aside
     */
    record Restored(Received received, int attempts) {}

    /** Returns the properties with which a message is put aside. */
    BasicProperties marked(Received received, int attempts, byte[] body) throws IOException {
        Map<String, Object> kept = new HashMap<>();
        Map<String, Object> headers = new HashMap<>();
        kept.put(ROUTING_KEY, received.routingKey());
        kept.put(WireFormat.DELIVERIES, attempts);
        if (received.properties().getHeaders() != null) {
            received.properties()
                    .getHeaders()
                    .forEach((header, value) -> (isKept(header) ? kept : headers).put(header, value));
        }
        byte[] table = write(kept);
        byte[] signature = keys.sign(parts(received.properties(), body, table));
        byte[] mark = Arrays.copyOf(signature, SIGNATURE + table.length);
        System.arraycopy(table, 0, mark, SIGNATURE, table.length);
        headers.put(HEADER, mark);
        return received.properties()
                .builder()
                .userId(null)
                .expiration(null)
                .deliveryMode(2)
                .headers(headers)
                .build();
    }

    /** Returns a message as it was before it was put aside, if it was; otherwise as it came, without what says that it was. */
    Restored restored(String routingKey, BasicProperties properties, byte[] body) {
        Map<String, Object> headers = properties.getHeaders();
        Object mark = headers == null ? null : headers.get(HEADER);
        if (headers == null || mark == null) {
            return new Restored(new Received(routingKey, properties), 0);
        }
        Map<String, Object> restored = new HashMap<>(headers);
        restored.remove(HEADER);
        Map<String, Object> kept = mark instanceof byte[] bytes ? read(properties, body, bytes) : null;
        if (kept == null) {
            warn();
            return new Restored(
                    new Received(
                            routingKey, properties.builder().headers(restored).build()),
                    0);
        }
        restored.keySet().removeIf(AsideMark::isKept);
        kept.forEach((header, value) -> {
            if (isKept(header)) {
                restored.put(header, value);
            }
        });
        return new Restored(
                new Received(
                        WireFormat.text(kept.get(ROUTING_KEY)),
                        properties.builder().headers(restored).build()),
                kept.get(WireFormat.DELIVERIES) instanceof Number count ? count.intValue() : 0);
    }

    private @Nullable Map<String, Object> read(BasicProperties properties, byte[] body, byte[] mark) {
        if (mark.length < SIGNATURE) {
            return null;
        }
        byte[] table = Arrays.copyOfRange(mark, SIGNATURE, mark.length);
        if (!keys.verify(Arrays.copyOf(mark, SIGNATURE), parts(properties, body, table))) {
            return null;
        }
        try {
            return new ValueReader(new DataInputStream(new ByteArrayInputStream(table))).readTable();
        } catch (IOException malformed) {
            LOG.debug("What is known of a message of RabbitMQ queue '{}' cannot be read", queue, malformed);
            return null;
        }
    }

    private static byte[] write(Map<String, Object> table) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ValueWriter writer = new ValueWriter(new DataOutputStream(bytes));
        writer.writeTable(table);
        writer.flush();
        return bytes.toByteArray();
    }

    private byte[][] parts(BasicProperties properties, byte[] body, byte[] table) {
        String id = properties.getMessageId();
        return new byte[][] {
            KIND,
            queue.getBytes(StandardCharsets.UTF_8),
            END,
            id == null ? NOTHING : id.getBytes(StandardCharsets.UTF_8),
            END,
            table,
            body
        };
    }

    private void warn() {
        long count = unverified.add();
        if (count > 0) {
            LOG.warn(
                    "Messages of RabbitMQ queue '{}' say that channel '{}' has set them aside, but no key verifies that, {} times; they are"
                            + " handled as new ones. Where several nodes receive from the queue, set mecha.bindings.signing-key to the same"
                            + " secret on all of them.",
                    queue,
                    name,
                    count);
        }
    }

    private static boolean isKept(String header) {
        return header.equals(COPIES) || HISTORY.stream().anyMatch(header::startsWith);
    }
}
