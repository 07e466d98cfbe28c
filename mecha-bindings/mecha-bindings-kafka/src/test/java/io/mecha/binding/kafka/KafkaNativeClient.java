// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.test.binding.BindingBackendContract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A program that does not know Mecha: keys are numbers, headers bytes in any case, more than one of a name, or none. */
final class KafkaNativeClient implements BindingBackendContract.NativeClient {

    private static final long KEY = 200;

    private final Map<String, Object> connection;

    KafkaNativeClient(Map<String, Object> connection) {
        this.connection = connection;
    }

    @Override
    public void send(String destination) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("X-Trace", new byte[] {2, (byte) 0xff, (byte) 0x80});
        headers.add("dup", "one".getBytes(StandardCharsets.UTF_8));
        headers.add("none", null);
        headers.add("dup", "two".getBytes(StandardCharsets.UTF_8));
        headers.add("Content-Type", "Text/Plain".getBytes(StandardCharsets.UTF_8));
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(KEY).array();
        byte[] body = "body".getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(connection, new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(destination, null, null, key, body, headers));
        }
    }

    @Override
    public Supplier<List<List<String>>> watch(String destination) {
        return () -> records(destination).stream().map(KafkaNativeClient::lines).toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String destination) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(connection, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.partitionsFor(destination).stream()
                    .map(partition -> new TopicPartition(destination, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long left = consumer.endOffsets(all).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (records.size() < left) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private static List<String> lines(ConsumerRecord<byte[], byte[]> record) {
        List<String> lines = new ArrayList<>();
        lines.add("partition " + record.partition());
        lines.add("key " + hex(record.key()));
        if (record.value() == null) {
            lines.add("no value");
        }
        for (Header header : record.headers()) {
            lines.add(header.key() + "=" + hex(header.value()));
        }
        return lines;
    }

    private static String hex(byte @Nullable [] bytes) {
        return bytes == null ? "null" : HexFormat.of().formatHex(bytes);
    }
}
