// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.workload.Order;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Kafka's clients by hand: a loop that polls, calls the handler and commits. */
final class PlainKafka implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;
    private final java.util.function.Consumer<Order> handler;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final Thread thread;
    private volatile boolean closed;

    PlainKafka(Topics topics, String topic, java.util.function.Consumer<Order> handler) {
        this.topic = topic;
        this.handler = handler;
        JsonMapper mapper = JsonMapper.builder().build();
        this.writer = mapper.writerFor(Order.class);
        this.reader = mapper.readerFor(Order.class);
        this.producer = new KafkaProducer<>(topics.producer(), new ByteArraySerializer(), new ByteArraySerializer());
        Map<String, Object> settings = topics.consumer(topics.newGroup());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(this::receive, "plain-kafka");
        thread.start();
    }

    void send(Order order) {
        Object unused = producer.send(new ProducerRecord<>(topic, writer.writeValueAsBytes(order)));
    }

    private void receive() {
        consumer.subscribe(List.of(topic));
        while (!closed) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> message : records) {
                handler.accept(reader.readValue(message.value()));
            }
            if (!records.isEmpty()) {
                consumer.commitSync();
            }
        }
        consumer.close();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
