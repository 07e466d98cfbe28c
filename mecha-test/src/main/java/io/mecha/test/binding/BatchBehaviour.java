// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Bindings;
import io.mecha.binding.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class BatchBehaviour extends EngineGroup {

    BatchBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void handlesSeveralInOneCall() {
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        AtomicInteger largest = new AtomicInteger();
        engine.subscribeBatch(batches(3), batch -> {
            largest.accumulateAndGet(batch.size(), Math::max);
            handled.addAll(batch.payloads());
        });

        engine.sender(channel(), String.class).sendAll(numbers(20));

        eventually(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(numbers(20)));
        assertThat(largest.get()).isBetween(1, 5);
    }

    @Test
    void decidesEachItemByItself() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Set<String> again = ConcurrentHashMap.newKeySet();
        engine.subscribeBatch(batches(3), batch -> {
            for (int i = 0; i < batch.size(); i++) {
                String text = batch.payloads().get(i);
                seen.add(text);
                switch (text) {
                    case "m1" -> {
                        if (again.add(text)) {
                            batch.retry(i, new IllegalStateException("once"));
                        }
                    }
                    case "m2" -> batch.drop(i);
                    case "m3" -> batch.deadLetter(i, "refused");
                    default -> again.add(text);
                }
            }
        });

        sendNumbered(engine, 5);

        awaitCount(dead, 1);
        eventually(() -> assertThat(seen).containsExactlyInAnyOrder("m0", "m1", "m1", "m2", "m3", "m4"));
        stays(() -> assertThat(seen).hasSize(6));
        assertThat(dead.texts()).containsExactly("m3");
    }

    @Test
    void triesAllAgainWhenABatchFails() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        AtomicInteger calls = new AtomicInteger();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        engine.subscribeBatch(batches(20), batch -> {
            if (calls.incrementAndGet() <= 2) {
                throw new IllegalStateException("the first two");
            }
            handled.addAll(batch.payloads());
        });

        List<String> sent = sendNumbered(engine, 10);

        eventually(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(sent));
        assertThat(dead.deliveries()).isEmpty();
    }

    private SubscriptionSpec<String> batches(int maxAttempts) {
        return spec(1).options(quick(maxAttempts)
                        .batchSize(5)
                        .batchLinger(Duration.ofMillis(50))
                        .build())
                .build();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }
}
