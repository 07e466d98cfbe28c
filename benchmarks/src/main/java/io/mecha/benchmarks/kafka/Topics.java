// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.workload.Order;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The topics of a broker, filled when they are first asked for, and the settings that all clients share. */
final class Topics {

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int LINGER_MILLIS = 5;

    private final String servers;
    private final ObjectWriter writer = JsonMapper.builder().build().writerFor(Order.class);
    private final Set<String> filled = new HashSet<>();
    private final AtomicInteger groups = new AtomicInteger();

    Topics(String servers) {
        this.servers = servers;
    }

    String servers() {
        return servers;
    }

    /** Returns the name of a group that nobody had. */
    String newGroup() {
        return "group-" + groups.incrementAndGet();
    }

    /** Settings of producers, the same on all sides: confirmed by all replicas, sent at once. */
    Map<String, Object> producer() {
        return new HashMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES));
    }

    /** Settings of consumers that nobody manages. */
    Map<String, Object> consumer(String group) {
        return new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers,
                ConsumerConfig.GROUP_ID_CONFIG, group,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
    }

    String empty(String name, int partitions) throws InterruptedException, ExecutionException {
        return fill(name, partitions, 0, 0, false, false);
    }

    /** Large orders without keys on one partition. */
    String large(String name, int count, boolean events) throws InterruptedException, ExecutionException {
        return fill(name, 1, count, 0, true, events);
    }

    /** Small orders with keys that take turns. */
    String keyed(String name, int partitions, int count, int keys) throws InterruptedException, ExecutionException {
        return fill(name, partitions, count, keys, false, true);
    }

    private synchronized String fill(String name, int partitions, int count, int keys, boolean large, boolean events)
            throws InterruptedException, ExecutionException {
        if (!filled.add(name)) {
            return name;
        }
        try (Admin admin = Admin.create(producer())) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
        }
        if (count == 0) {
            return name;
        }
        Map<String, Object> settings = producer();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        // An idempotent producer may never get on if a topic is used before all its partitions have a leader.
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            Future<?> last = null;
            for (int number = 0; number < count; number++) {
                byte[] value = writer.writeValueAsBytes(large ? Order.large(number) : Order.of(number));
                byte @Nullable [] key = keys == 0 ? null : bytes("key-" + number % keys);
                last = producer.send(
                        new ProducerRecord<>(name, null, null, key, value, events ? headers(number) : null));
            }
            producer.flush();
            if (last != null) {
                last.get();
            }
        }
        return name;
    }

    /** The attributes of an event, as the protocol binding of CloudEvents lays them out. */
    static RecordHeaders headers(int number) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_specversion", bytes("1.0"));
        headers.add("ce_id", bytes("%026d".formatted(number)));
        headers.add("ce_source", bytes("/shop"));
        headers.add("ce_type", bytes(Order.class.getName()));
        headers.add("ce_time", bytes("2026-11-25T04:00:00.123456Z"));
        headers.add("content-type", bytes("application/json"));
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
