// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveOrderTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec<String> keyed(int concurrency) {
        return SubscriptionSpec.of("orders", String.class)
                .options(fast().ordering(Ordering.KEY).concurrency(concurrency).build())
                .build();
    }

    @Test
    void handlesOneEventOfAKeyAtATimeAndOthersMeanwhile() {
        CountDownLatch first = new CountDownLatch(1);
        kit.engine().subscribe(keyed(10), event -> {
            handled.add(event.id());
            if (event.id().equals("a1")) {
                first.await();
            }
            return Outcome.ack();
        });

        kit.send("a1", "a", Map.of())
                .send("a2", "a", Map.of())
                .send("b1", "b", Map.of())
                .send("n");

        soon(() -> assertThat(handled).containsExactlyInAnyOrder("a1", "b1", "n"));
        first.countDown();
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(4));
        assertThat(handled).last().isEqualTo("a2");
    }

    @Test
    void holdsUpTheKeyOfARetryAndNoOther() {
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch others = new CountDownLatch(1);
        kit.engine().subscribe(keyed(1), event -> {
            if (event.id().equals("a1") && failures.getAndIncrement() == 0) {
                return Outcome.retry(Duration.ofMillis(50));
            }
            handled.add(event.id());
            others.countDown();
            return Outcome.ack();
        });

        kit.send("a1", "a", Map.of()).send("a2", "a", Map.of()).send("b1", "b", Map.of());

        soon(() -> assertThat(handled).containsExactly("b1", "a1", "a2"));
    }

    @Test
    void letsARetryBeOvertakenWithoutOrder() {
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .options(fast().build())
                                .build(),
                        event -> {
                            if (event.id().equals("1") && event.attempt() == 1) {
                                return Outcome.retry(Duration.ofMillis(50));
                            }
                            handled.add(event.id());
                            return Outcome.ack();
                        });

        kit.send("1", "a", Map.of()).send("2", "a", Map.of());

        soon(() -> assertThat(handled).containsExactly("2", "1"));
    }

    @Test
    void givesBackWhatFollowsALostEventOfItsKey() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> handled = new CopyOnWriteArrayList<>();
        kit.engine().subscribe(keyed(4), event -> {
            handled.add(event.id());
            go.await();
            return Outcome.ack();
        });
        kit.send("1", "a", Map.of()).send("2", "a", Map.of()).send("3", "a", Map.of());
        soon(() -> assertThat(handled).containsExactly("1"));

        // The backend takes them back one by one, and is not done yet.
        kit.orders.groups.get(ReceiveKit.GROUP).out.get(1).current = false;
        kit.orders.groups.get(ReceiveKit.GROUP).paused = true;
        go.countDown();

        soon(() -> assertThat(kit.orders.groups.get(ReceiveKit.GROUP).queue).hasSize(1));
        assertThat(handled).containsExactly("1");
    }

    @Test
    void keepsTheOrderOfManyKeysUnderFailures() {
        int keys = 50;
        int each = 40;
        Map<String, Queue<Integer>> seen = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        List<String> overlaps = new CopyOnWriteArrayList<>();
        kit.engine().subscribe(keyed(16), event -> {
            String key = event.key().orElseThrow();
            AtomicInteger now = running.computeIfAbsent(key, name -> new AtomicInteger());
            if (now.incrementAndGet() > 1) {
                overlaps.add(key);
            }
            int number = Integer.parseInt(event.id().substring(event.id().indexOf('-') + 1));
            now.decrementAndGet();
            if (number % 7 == 3 && event.attempt() == 1) {
                throw new IllegalStateException("once");
            }
            seen.computeIfAbsent(key, name -> new ConcurrentLinkedQueue<>()).add(number);
            return Outcome.ack();
        });

        for (int number = 0; number < each; number++) {
            for (int key = 0; key < keys; key++) {
                kit.send(key + "-" + number, "k" + key, Map.of());
            }
        }

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(keys * each));
        assertThat(overlaps).isEmpty();
        List<Integer> expected = IntStream.range(0, each).boxed().toList();
        assertThat(seen.values())
                .hasSize(keys)
                .allSatisfy(numbers -> assertThat(new ArrayList<>(numbers)).isEqualTo(expected));
        soon(() -> assertThat(kit.engine().subscriptions().get(0).inFlight()).isZero());
    }
}
