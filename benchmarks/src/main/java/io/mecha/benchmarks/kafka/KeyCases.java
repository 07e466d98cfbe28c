// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.load.Stretch;
import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;

/** Handles orders one after the other for each key; the handler waits for something for ten milliseconds. */
final class KeyCases {

    private static final double TIMES = 20;
    private static final int PARTITIONS = 4;
    private static final int KEYS = 1_000;
    private static final int COUNT = 20_000;
    private static final int COUNT_OF_LISTENER = 1_000;
    private static final int CONCURRENCY = 256;
    private static final int PREFETCH = 2_048;
    private static final Duration WAIT = Duration.ofMillis(10);

    private final Topics topics;

    KeyCases(Topics topics) {
        this.topics = topics;
    }

    Comparison comparison() {
        return new Comparison("10 ms, 1,000 keys on 4 partitions", PARTITIONS)
                .withRun("record listener, concurrency 4", this::listen)
                .withRun("Mecha, order by key, concurrency 256", this::handle)
                .throughputAtLeast(TIMES);
    }

    private String topic() throws Exception {
        return topics.keyed("keyed", PARTITIONS, COUNT, KEYS);
    }

    private void listen(Stretch stretch) throws Exception {
        Progress progress = new Progress(stretch, COUNT_OF_LISTENER);
        MessageListener<String, Order> listener = message -> {
            work();
            progress.handled(message.value());
        };
        ConcurrentMessageListenerContainer<String, Order> container =
                SpringKafka.container(topics, topic(), PARTITIONS, listener);
        container.start();
        try {
            progress.await();
        } finally {
            container.stop();
        }
    }

    private void handle(Stretch stretch) throws Exception {
        Progress progress = new Progress(stretch, COUNT);
        Map<String, String> latest = new ConcurrentHashMap<>();
        SubscriptionOptions options = SubscriptionOptions.builder()
                .group(topics.newGroup())
                .ordering(Ordering.KEY)
                .concurrency(CONCURRENCY)
                .prefetch(PREFETCH)
                .build();
        try (KafkaChannel channel = new KafkaChannel(topics, topic())) {
            channel.handle(options, event -> {
                String before = latest.put(event.key().orElseThrow(), event.id());
                if (before != null && before.compareTo(event.id()) >= 0) {
                    throw new IllegalStateException("%s came after %s".formatted(event.id(), before));
                }
                work();
                progress.handled(event.data());
                return Outcome.ack();
            });
            progress.await();
        }
    }

    private static void work() {
        long end = System.nanoTime() + WAIT.toNanos();
        for (long left = WAIT.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
