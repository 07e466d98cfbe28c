// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Retention;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records of the topic, which are there until the topic's own limits remove them. */
final class KafkaRetention implements Retention {

    private static final Pattern POSITION = Pattern.compile("(.+)-(\\d{1,9})@(\\d{1,18})");

    private final KafkaBackend backend;

    KafkaRetention(KafkaBackend backend) {
        this.backend = backend;
    }

    @Override
    public String position(Delivery delivery) {
        return KafkaBackend.own(delivery).toString();
    }

    @Override
    public Optional<Message> read(String position) {
        Matcher matcher = POSITION.matcher(position);
        if (!matcher.matches() || !backend.topics().contains(matcher.group(1))) {
            return Optional.empty();
        }
        TopicPartition partition = new TopicPartition(matcher.group(1), Integer.parseInt(matcher.group(2)));
        try {
            return Optional.ofNullable(read(partition, Long.parseLong(matcher.group(3))))
                    .map(KafkaMessages::read);
        } catch (KafkaException | IllegalStateException e) {
            throw Failures.other(backend.channel(), "reading the record at " + position, e);
        }
    }

    private @Nullable ConsumerRecord<byte[], byte[]> read(TopicPartition partition, long offset) {
        try (Consumer<byte[], byte[]> consumer = backend.cluster()
                .consumer(
                        backend.application() + "-look",
                        Map.of(
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                backend.cluster().isolation()),
                        Map.of(
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                                "classic",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                1))) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), KafkaCluster.PATIENCE)
                    .getOrDefault(partition, 0L);
            if (offset >= end) {
                return null;
            }
            consumer.seek(partition, offset);
            long deadline = System.nanoTime() + KafkaCluster.PATIENCE.toNanos();
            while (consumer.position(partition, KafkaCluster.PATIENCE) <= offset && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(KafkaCluster.PATIENCE)) {
                    return record.offset() == offset ? record : null;
                }
            }
            return null;
        }
    }
}
