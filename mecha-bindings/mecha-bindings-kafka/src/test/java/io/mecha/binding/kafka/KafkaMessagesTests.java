// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
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
    void saysWhichAttributeHasDifferentValues() {
        assertThat(contradiction("ce_id", "1", "ce_id", "2")).isEqualTo("id");
        assertThat(contradiction("ce_id", "1", "ce_ID", "2")).isEqualTo("id");
        assertThat(contradiction("ce_id", "1", "ce_id", "1")).isNull();
        assertThat(contradiction("x-id", "1", "x-id", "2")).isNull();
    }

    @Test
    void passesOnEachOfTheDifferentValuesOfAnAttribute() {
        RecordHeaders headers = headers("ce_id", "1", "ce_id", "2");
        Message message = KafkaMessages.read(record(null, headers));

        assertThat(KafkaMessages.write("orders.dead", message).headers().headers("ce_id"))
                .extracting(header -> new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly("1", "2");
    }

    private static @Nullable String contradiction(String name, String value, String other, String otherValue) {
        Message message = KafkaMessages.read(record(null, headers(name, value, other, otherValue)));
        return ((KafkaOriginal) Objects.requireNonNull(message.original())).contradiction();
    }

    private static RecordHeaders headers(String name, String value, String other, String otherValue) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        headers.add(other, otherValue.getBytes(StandardCharsets.UTF_8));
        return headers;
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

        Message message = KafkaMessages.read(record(null, headers));

        assertThat(message.key()).isNull();
        assertThat(message.body()).isNull();
        assertThat(message.contentType()).isEqualTo("text/plain");
        assertThat(message.attributes()).isEqualTo(Map.of("id", "1"));
        assertThat(message.headers()).isEqualTo(Map.of("x-upper", "u", "x-twice", "last"));
    }

    @Test
    void passesOnTheBytesOfWhatTheMessageStillSaysAndWritesTheRest() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("Ce_id", "1".getBytes(StandardCharsets.UTF_8));
        headers.add("ce_ID", "1".getBytes(StandardCharsets.UTF_8));
        headers.add("CONTENT-TYPE", "text/plain".getBytes(StandardCharsets.UTF_8));
        headers.add("X-Bytes", new byte[] {(byte) 0xff});
        headers.add("x-none", null);
        headers.add("x-gone", "gone".getBytes(StandardCharsets.UTF_8));
        headers.add("x-new", "old".getBytes(StandardCharsets.UTF_8));
        Message received = KafkaMessages.read(record(new byte[] {(byte) 0xc8}, headers));
        Map<String, String> said = new HashMap<>(received.headers());
        said.remove("x-gone");
        said.put("x-new", "new");
        Map<String, String> attributes = new HashMap<>(received.attributes());
        attributes.put("mechadeadgroup", "g");

        ProducerRecord<byte[], byte[]> written = KafkaMessages.write(
                "orders.dead",
                Message.received(
                        received.key(),
                        received.contentType(),
                        attributes,
                        said,
                        received.body(),
                        received.original()));

        assertThat(written.key()).containsExactly(0xc8);
        assertThat(written.timestamp()).isNull();
        assertThat(StreamSupport.stream(written.headers().spliterator(), false)
                        .map(header -> header.key() + '=' + Arrays.toString(header.value())))
                .containsExactly(
                        "Ce_id=[49]",
                        "ce_ID=[49]",
                        "CONTENT-TYPE=" + Arrays.toString("text/plain".getBytes(StandardCharsets.UTF_8)),
                        "X-Bytes=[-1]",
                        "x-none=null",
                        "ce_mechadeadgroup=[103]",
                        "x-new=" + Arrays.toString("new".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void writesNoAttributeThatWouldBecomeAnother() {
        Map<String, String> attributes = new LinkedHashMap<>(Map.of("id", "1"));
        attributes.put("ID", "2");
        attributes.put("", "x");

        ProducerRecord<byte[], byte[]> record =
                KafkaMessages.write("orders", Message.received(null, null, attributes, Map.of(), null));

        assertThat(record.headers()).singleElement().satisfies(header -> {
            assertThat(header.key()).isEqualTo("ce_id");
            assertThat(header.value()).containsExactly('1');
        });
    }

    @Test
    void showsKeysThatAreNoTextInDigits() {
        assertThat(key(new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) 200})).isEqualTo("0x00000000000000c8");
        assertThat(key(new byte[] {0, 0, 0, 0, 0, 0, 0, 100})).isEqualTo("0x0000000000000064");
        assertThat(key("ä \ufffd\t".getBytes(StandardCharsets.UTF_8))).isEqualTo("ä \ufffd\t");
        assertThat(key(new byte[0])).isEmpty();
    }

    private static @Nullable String key(byte[] bytes) {
        return KafkaMessages.read(record(bytes, new RecordHeaders())).key();
    }

    private static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] key, RecordHeaders headers) {
        return new ConsumerRecord<>(
                "orders", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, key, null, headers, Optional.empty());
    }
}
