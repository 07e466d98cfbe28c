// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Receiver;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Handles the messages of each key in order, different keys at once, and notices mistakes. */
final class Lanes implements Receiver, AutoCloseable {

    static final int KEYS = 40;
    private static final int THREADS = 8;

    private final Random random = new Random(3);
    private final List<ExecutorService> threads = IntStream.range(0, THREADS)
            .mapToObj(i -> Executors.newSingleThreadExecutor())
            .toList();
    private final Map<String, Integer> last = new ConcurrentHashMap<>();
    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    void send(KafkaBackend backend, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int key = 0; key < KEYS; key++) {
                Channels.send(backend, "key" + key, Integer.toString(round));
            }
        }
    }

    @Override
    public void receive(List<? extends Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            String key = delivery.message().key();
            threads.get(Math.floorMod(key.hashCode(), THREADS)).execute(() -> handle(key, delivery));
        }
    }

    private void handle(String key, Delivery delivery) {
        if (!delivery.current()) {
            delivery.release();
            return;
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(500)));
        int now = Integer.parseInt(Channels.text(delivery));
        int before = last.getOrDefault(key, -1);
        if (now > before + 1) {
            mistakes.add("%s: %d after %d".formatted(key, now, before));
        }
        last.merge(key, now, Math::max);
        count.incrementAndGet();
        delivery.acknowledge();
    }

    int count() {
        return count.get();
    }

    Queue<String> mistakes() {
        return mistakes;
    }

    /** Returns how far keys are that are not at their end. */
    Map<String, Integer> unfinished(int rounds) {
        Map<String, Integer> unfinished = new TreeMap<>();
        for (int key = 0; key < KEYS; key++) {
            int now = last.getOrDefault("key" + key, -1);
            if (now != rounds - 1) {
                unfinished.put("key" + key, now);
            }
        }
        return unfinished;
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
    }
}
