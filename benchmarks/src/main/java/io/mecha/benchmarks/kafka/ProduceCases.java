// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.load.Stretch;
import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Encoding;
import io.mecha.binding.Sender;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Sends large orders as JSON by one thread, until all are confirmed. */
final class ProduceCases implements AutoCloseable {

    private static final double OF_TEMPLATE = 0.95;
    private static final double OF_BRIDGE = 2;
    private static final String TEMPLATE = "KafkaTemplate";
    private static final String TEMPLATE_OF_EVENTS = "KafkaTemplate, with the headers of an event";
    private static final String BRIDGE = "StreamBridge";
    private static final int PATIENCE_SECONDS = 120;

    private final String topic;
    private final int count;
    private final Order order = Order.large(1);
    private final Semaphore confirmed = new Semaphore(0);
    private final DefaultKafkaProducerFactory<String, Order> producers;
    private final KafkaTemplate<String, Order> template;
    private final StreamApplication stream;
    private final StreamBridge bridge;
    private final KafkaChannel channel;
    private final Sender<Order> sender;
    private final KafkaChannel rawChannel;
    private final Sender<Order> rawSender;

    ProduceCases(Topics topics, int count) throws Exception {
        this.topic = topics.empty("produced", 1);
        this.count = count;
        this.producers = SpringKafka.producers(topics);
        this.template = new KafkaTemplate<>(producers);
        this.stream = StreamApplication.producing(topics, topic);
        this.bridge = stream.bridge();
        this.channel = new KafkaChannel(topics, topic);
        this.sender = channel.sender();
        this.rawChannel = new KafkaChannel(topics, topic, Encoding.RAW);
        this.rawSender = rawChannel.sender();
    }

    Comparison comparison() {
        return new Comparison("produce 1 KiB of JSON", 1)
                .withRun(
                        TEMPLATE,
                        stretch -> send(stretch, confirmed, number -> send(new ProducerRecord<>(topic, order))))
                .withRun(
                        TEMPLATE_OF_EVENTS,
                        stretch -> send(
                                stretch,
                                confirmed,
                                number -> send(
                                        new ProducerRecord<>(topic, null, null, null, order, Topics.headers(number)))))
                .withRun(
                        BRIDGE, stretch -> send(stretch, Confirmations.CONFIRMED, number -> bridge.send("give", order)))
                .withRun("Mecha", stretch -> send(stretch, confirmed, number -> send(sender)))
                .throughputAtLeast(OF_TEMPLATE)
                .throughputAtLeast(OF_TEMPLATE, TEMPLATE_OF_EVENTS)
                .throughputAtLeast(OF_BRIDGE, BRIDGE)
                .withRun(
                        "Mecha, without the headers of an event (encoding: raw)",
                        stretch -> send(stretch, confirmed, number -> send(rawSender)))
                .throughputAtLeast(OF_TEMPLATE)
                .throughputAtLeast(OF_BRIDGE, BRIDGE);
    }

    private void send(ProducerRecord<String, Order> message) {
        Object unused = template.send(message).whenComplete(this::confirm);
    }

    private void send(Sender<Order> to) {
        Object unused = to.sendAsync(order).whenComplete(this::confirm);
    }

    private void confirm(@Nullable Object result, @Nullable Throwable failure) {
        if (failure == null) {
            confirmed.release();
        }
    }

    private void send(Stretch stretch, Semaphore done, Sending sending) throws InterruptedException, TimeoutException {
        done.drainPermits();
        stretch.begin();
        for (int number = 0; number < count; number++) {
            sending.send(number);
        }
        if (!done.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("%d of %d were confirmed".formatted(done.availablePermits(), count));
        }
        stretch.end(count);
    }

    @Override
    public void close() {
        rawChannel.close();
        channel.close();
        stream.close();
        producers.destroy();
    }

    /** Sends one message. */
    @FunctionalInterface
    private interface Sending {

        void send(int number);
    }
}
