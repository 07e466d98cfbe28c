// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.load.Stretch;
import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;

/** Reads a topic of large orders to its end, as JSON, with one consumer. */
final class ConsumeCases {

    private static final String BATCH_LISTENER = "batch listener";
    private static final String FUNCTION = "Spring Cloud Stream function";
    private static final double OF_BATCH_LISTENER = 0.95;
    private static final double OF_FUNCTION = 1.5;
    private static final int BATCH = 500;
    private static final int PREFETCH = 4 * BATCH;

    private final Topics topics;
    private final int count;

    ConsumeCases(Topics topics, int count) {
        this.topics = topics;
        this.count = count;
    }

    Comparison comparison() {
        return new Comparison("consume 1 KiB of JSON", 1)
                .withRun(BATCH_LISTENER, stretch -> listen(stretch, events(), true))
                .withRun("batch listener, messages without headers", stretch -> listen(stretch, plain(), true))
                .withRun("record listener", stretch -> listen(stretch, events(), false))
                .withRun(FUNCTION + ", messages without headers", this::function)
                .withRun("Mecha batches", this::batches)
                .throughputAtLeast(OF_BATCH_LISTENER)
                .throughputAtLeast(OF_FUNCTION, FUNCTION + ", messages without headers")
                .withRun("Mecha", this::events)
                .throughputAtLeast(OF_FUNCTION, FUNCTION + ", messages without headers");
    }

    private String events() throws Exception {
        return topics.large("events", count, true);
    }

    private String plain() throws Exception {
        return topics.large("plain", count, false);
    }

    private void listen(Stretch stretch, String topic, boolean batch) throws Exception {
        Progress progress = new Progress(stretch, count);
        MessageListener<String, Order> one = message -> progress.handled(message.value());
        BatchMessageListener<String, Order> several = messages -> {
            for (ConsumerRecord<String, Order> message : messages) {
                progress.handled(message.value());
            }
        };
        ConcurrentMessageListenerContainer<String, Order> container =
                SpringKafka.container(topics, topic, 1, batch ? several : one);
        container.start();
        try {
            progress.await();
        } finally {
            container.stop();
        }
    }

    private void function(Stretch stretch) throws Exception {
        Progress progress = new Progress(stretch, count);
        StreamApplication application = StreamApplication.consuming(topics, plain(), progress::handled);
        try {
            progress.await();
        } finally {
            application.close();
        }
    }

    private void batches(Stretch stretch) throws Exception {
        Progress progress = new Progress(stretch, count);
        SubscriptionOptions options = SubscriptionOptions.builder()
                .group(topics.newGroup())
                .batchSize(BATCH)
                .prefetch(PREFETCH)
                .build();
        try (KafkaChannel channel = new KafkaChannel(topics, events())) {
            channel.handleBatches(options, batch -> {
                for (Event<Order> event : batch.events()) {
                    progress.handled(event.data());
                }
            });
            progress.await();
        }
    }

    private void events(Stretch stretch) throws Exception {
        Progress progress = new Progress(stretch, count);
        SubscriptionOptions options = SubscriptionOptions.builder()
                .group(topics.newGroup())
                .prefetch(PREFETCH)
                .build();
        try (KafkaChannel channel = new KafkaChannel(topics, events())) {
            channel.handle(options, event -> {
                progress.handled(event.data());
                return Outcome.ack();
            });
            progress.await();
        }
    }
}
