// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Receiver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A receiver that keeps what it received. */
final class Collector implements Receiver {

    private final Consumer<Delivery> then;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Delivery> deliveries = new ArrayList<>();
    private int largestCall;

    private Collector(Consumer<Delivery> then) {
        this.then = then;
    }

    /** Acknowledges at once. */
    static Collector acknowledging() {
        return new Collector(Delivery::acknowledge);
    }

    /** Leaves deliveries unfinished. */
    static Collector keeping() {
        return new Collector(delivery -> {});
    }

    static Collector then(Consumer<Delivery> then) {
        return new Collector(then);
    }

    @Override
    public void receive(List<? extends Delivery> received) {
        lock.lock();
        try {
            deliveries.addAll(received);
            largestCall = Math.max(largestCall, received.size());
        } finally {
            lock.unlock();
        }
        received.forEach(then);
    }

    List<Delivery> deliveries() {
        lock.lock();
        try {
            return List.copyOf(deliveries);
        } finally {
            lock.unlock();
        }
    }

    int largestCall() {
        lock.lock();
        try {
            return largestCall;
        } finally {
            lock.unlock();
        }
    }

    Delivery delivery(int index) {
        List<Delivery> copy = deliveries();
        assertThat(copy).hasSizeGreaterThan(index);
        return copy.get(index);
    }

    Message message(int index) {
        return delivery(index).message();
    }

    /** Returns the texts in the order of arrival, those that came again included. */
    List<String> texts() {
        return deliveries().stream().map(Collector::text).toList();
    }

    /** Returns the texts of a key in the order of arrival. */
    List<String> texts(String key) {
        return deliveries().stream()
                .filter(delivery -> Objects.equals(delivery.message().key(), key))
                .map(Collector::text)
                .toList();
    }

    static String text(Delivery delivery) {
        byte[] body = delivery.message().body();
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }
}
