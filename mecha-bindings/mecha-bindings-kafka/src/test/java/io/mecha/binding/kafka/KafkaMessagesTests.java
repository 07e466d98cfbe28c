// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class KafkaMessagesTests {

    @Test
    void writesAttributesAsTheProtocolBindingOfCloudEventsSays() {
        ProducerRecord<byte[], byte[]> record = KafkaMessages.write(
                "orders",
                Message.received(
                        "c-1",
                        "application/json",
                        Map.of("specversion", "1.0", "id", "ä", "partitionkey", "c-1"),
                        Map.of("x-trace", "t"),
                        new byte[] {1}));

        assertThat(record.topic()).isEqualTo("orders");
        assertThat(record.key()).isEqualTo("c-1".getBytes(StandardCharsets.UTF_8));
        assertThat(record.value()).containsExactly(1);
        assertThat(StreamSupport.stream(record.headers().spliterator(), false)
                        .collect(Collectors.toMap(
                                header -> header.key(), header -> new String(header.value(), StandardCharsets.UTF_8))))
                .isEqualTo(Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        "ä",
                        "ce_partitionkey",
                        "c-1",
                        "content-type",
                        "application/json",
                        "x-trace",
                        "t"));
    }

    @Test
    void writesNoBodyAsATombstone() {
        assertThat(KafkaMessages.write("orders", Message.received("k", null, Map.of(), Map.of(), null))
                        .value())
                .isNull();
    }

    @Test
    void readsWhatOthersWrite() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_ID", "1".getBytes(StandardCharsets.UTF_8));
        headers.add("Content-Type", "text/plain".getBytes(StandardCharsets.UTF_8));
        headers.add("X-Upper", "u".getBytes(StandardCharsets.UTF_8));
        headers.add("x-none", null);
        headers.add("ce_", "no name".getBytes(StandardCharsets.UTF_8));
        headers.add("CE_type", "no attribute".getBytes(StandardCharsets.UTF_8));
        headers.add("ce-type", "no attribute".getBytes(StandardCharsets.UTF_8));
        headers.add("x-twice", "first".getBytes(StandardCharsets.UTF_8));
        headers.add("x-twice", "last".getBytes(StandardCharsets.UTF_8));

        Message message = KafkaMessages.read(new ConsumerRecord<>(
                "orders",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                (byte[]) null,
                (byte[]) null,
                headers,
                Optional.empty()));

        assertThat(message.key()).isNull();
        assertThat(message.body()).isNull();
        assertThat(message.contentType()).isEqualTo("text/plain");
        assertThat(message.attributes()).isEqualTo(Map.of("id", "1"));
        assertThat(message.headers()).isEqualTo(Map.of("x-upper", "u", "x-twice", "last"));
    }
}
