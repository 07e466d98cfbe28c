// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;

/** Sends one order and waits until its handler was called, again and again. */
final class RoundTripCases implements AutoCloseable {

    private static final double OF_RAW = 1.1;
    private static final int PATIENCE_SECONDS = 30;

    private final Order order = Order.large(1);
    private final Semaphore arrived = new Semaphore(0);
    private final List<Runnable> open = new ArrayList<>();
    private final PlainKafka plain;
    private final KafkaTemplate<String, Order> template;
    private final Sender<Order> sender;

    RoundTripCases(Topics topics) throws Exception {
        plain = new PlainKafka(topics, topics.empty("raw", 1), this::arrived);
        open.add(plain::close);
        template = template(topics);
        ConcurrentMessageListenerContainer<String, Order> container =
                SpringKafka.container(topics, topics.empty("template", 1), 1, (MessageListener<String, Order>)
                        message -> arrived(message.value()));
        container.start();
        open.add(container::stop);
        KafkaChannel channel = new KafkaChannel(topics, topics.empty("channel", 1));
        open.add(channel::close);
        SubscriptionOptions options =
                SubscriptionOptions.builder().group(topics.newGroup()).build();
        sender = channel.handle(options, event -> {
                    arrived(event.data());
                    return Outcome.ack();
                })
                .sender();
    }

    private KafkaTemplate<String, Order> template(Topics topics) {
        DefaultKafkaProducerFactory<String, Order> producers = SpringKafka.producers(topics);
        open.add(producers::destroy);
        return new KafkaTemplate<>(producers);
    }

    Comparison comparison() {
        return new Comparison("send and handle", 1)
                .with("Kafka's clients", (thread, draw) -> {
                    plain.send(order);
                    await();
                })
                .with("KafkaTemplate and record listener", (thread, draw) -> {
                    Object unused = template.send("template", order);
                    await();
                })
                .with("Mecha", (thread, draw) -> {
                    Object unused = sender.sendAsync(order);
                    await();
                })
                .latencyAtMost(OF_RAW);
    }

    private void arrived(Order handled) {
        if (handled.quantity() == order.quantity()) {
            arrived.release();
        }
    }

    private void await() throws InterruptedException, TimeoutException {
        if (!arrived.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("An order was not handled");
        }
    }

    @Override
    public void close() {
        Collections.reverse(open);
        open.forEach(Runnable::run);
    }
}
