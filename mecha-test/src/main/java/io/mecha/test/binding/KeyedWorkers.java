// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** A receiver that handles numbered messages as the engine does: those of a key one by one, as long as they are current. */
final class KeyedWorkers implements AutoCloseable {

    private final List<ExecutorService> executors = new ArrayList<>();
    private final Map<String, Integer> last = new ConcurrentHashMap<>();
    private final Map<String, Object> busy = new ConcurrentHashMap<>();
    private final Queue<String> gaps = new ConcurrentLinkedQueue<>();
    private final Queue<String> overlaps = new ConcurrentLinkedQueue<>();

    /** Makes a member that works on a thread of its own. */
    Receiver member() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executors.add(executor);
        return deliveries -> deliveries.forEach(delivery -> executor.execute(() -> handle(delivery, executor)));
    }

    private void handle(Delivery delivery, Object member) {
        if (!delivery.current()) {
            return;
        }
        String key = Objects.requireNonNull(delivery.message().key());
        int number = Integer.parseInt(Collector.text(delivery));
        Object other = busy.putIfAbsent(key, member);
        if (other != null && !other.equals(member)) {
            overlaps.add(key + " " + number);
        }
        Integer before = last.get(key);
        if (number > (before == null ? 0 : before + 1)) {
            gaps.add("%s %d after %s".formatted(key, number, before));
        }
        last.merge(key, number, Math::max);
        busy.remove(key, member);
        delivery.acknowledge();
    }

    /** Returns the highest number that was handled, by key. */
    Map<String, Integer> handled() {
        return new TreeMap<>(last);
    }

    /** Returns what was handled before an earlier message of its key. */
    List<String> gaps() {
        return List.copyOf(gaps);
    }

    /** Returns gaps, and what was handled while another member handled a message of its key. */
    List<String> mistakes() {
        return Stream.concat(gaps.stream(), overlaps.stream()).toList();
    }

    @Override
    public void close() {
        executors.forEach(ExecutorService::shutdownNow);
    }
}
