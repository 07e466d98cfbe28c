// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class KeyOrderBehaviour extends BindingGroup {

    KeyOrderBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireKeyOrder() {
        capability(KeyOrder.class);
        declare(backend(), "group", Ordering.KEY);
    }

    @Test
    void statesAPositiveNumberOfActiveMembers() {
        assertThat(capability(KeyOrder.class).activeMembers()).isPositive();
    }

    @Test
    void handsOutTheMessagesOfAKeyInOrder() {
        sendRounds(5, 20);
        Collector collector = Collector.acknowledging();

        receive(backend(), request("group", Ordering.KEY, ROOM), collector);

        awaitCount(collector, 100);
        assertEachKeyInOrder(collector, 5, 20);
    }

    @Test
    void handsOutOtherKeysWhileOneWaits() {
        sendKeyed("slow", "s1", "s2");
        sendKeyed("fast", "f1", "f2");
        sendKeyed("quick", "q1");
        Collector collector = Collector.then(delivery -> {
            if (!"slow".equals(delivery.message().key())) {
                delivery.acknowledge();
            }
        });

        receive(backend(), request("group", Ordering.KEY, ROOM), collector);

        eventually(() -> {
            assertThat(collector.texts("fast")).containsExactly("f1", "f2");
            assertThat(collector.texts("quick")).containsExactly("q1");
            assertThat(collector.texts("slow")).startsWith("s1");
        });
    }

    @Test
    void handsOutMessagesWithoutKey() {
        List<String> sent = sendNumbered("m", 10);
        Collector collector = Collector.acknowledging();

        receive(backend(), request("group", Ordering.KEY, ROOM), collector);

        eventually(() -> assertThat(collector.texts()).containsExactlyInAnyOrderElementsOf(sent));
    }

    @Test
    void deliversAReleasedMessageBeforeLaterOnesOfItsKey() {
        sendKeyed("key", "1", "2", "3");
        Collector collector = Collector.keeping();
        receive(backend(), request("group", Ordering.KEY, 1), collector);
        awaitCount(collector, 1);

        collector.delivery(0).release();
        awaitCount(collector, 2);
        collector.delivery(1).release();

        for (int i = 2; i < 5; i++) {
            awaitCount(collector, i + 1);
            collector.delivery(i).acknowledge();
        }
        assertThat(collector.texts()).containsExactly("1", "1", "1", "2", "3");
    }

    @Test
    void deliversReleasedMessagesOfAKeyInOrder() {
        sendKeyed("key", "1", "2", "3");
        List<String> handled = new ArrayList<>();
        Collector collector = Collector.keeping();
        receive(backend(), request("group", Ordering.KEY, ROOM), collector);
        awaitCount(collector, 3);

        List<Delivery> first = collector.deliveries();
        first.forEach(Delivery::release);

        awaitCount(collector, first.size() + 3);
        collector.deliveries().stream()
                .skip(first.size())
                .map(Collector::text)
                .distinct()
                .forEach(handled::add);
        assertThat(handled).containsExactly("1", "2", "3");
    }

    @Test
    void handsOutNothingNewerOfAKeyBeforeWhatIsGivenBackMeanwhile() {
        AtomicReference<@Nullable Delivery> first = new AtomicReference<>();
        AtomicBoolean overtaken = new AtomicBoolean();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        receive(backend(), request("group", Ordering.KEY, ROOM), deliveries -> {
            for (Delivery delivery : deliveries) {
                if (first.compareAndSet(null, delivery)) {
                    continue; // the first time
                }
                if (handled.isEmpty() && Collector.text(delivery).equals("2")) {
                    overtaken.compareAndSet(
                            false, releasedMeanwhile(Objects.requireNonNull(first.get())) && delivery.current());
                }
                if (delivery.current()) {
                    handled.add(Collector.text(delivery));
                    delivery.acknowledge();
                }
            }
        });
        sendKeyed("key", "1");
        eventually(() -> assertThat(first).doesNotHaveNullValue());

        sendKeyed("key", "2");

        eventually(() -> assertThat(handled).contains("1", "2"));
        assertThat(overtaken).isFalse();
    }

    /** Gives a message back from another thread; tells whether that is possible while a receiver is called. */
    private boolean releasedMeanwhile(Delivery delivery) {
        CompletableFuture<Void> released = CompletableFuture.runAsync(delivery::release);
        letQuietPass();
        return released.isDone();
    }

    @Test
    void keepsTheOrderOfKeysAmongSeveralMembers() {
        KeyedWorkers workers = new KeyedWorkers();
        try {
            receive(backend(), request("group", Ordering.KEY, 10), workers.member());
            receive(anotherNode(), request("group", Ordering.KEY, 10), workers.member());
            receive(backend(), request("group", Ordering.KEY, 10), workers.member());

            sendRounds(10, 30);

            eventually(() -> assertThat(workers.handled()).isEqualTo(rounds(10, 30)));
            assertThat(workers.mistakes()).isEmpty();
        } finally {
            workers.close();
        }
    }

    @Test
    void keepsTheOrderOfKeysWhileMembersComeAndGo() {
        KeyedWorkers workers = new KeyedWorkers();
        try {
            MessageConsumer first = receive(backend(), request("group", Ordering.KEY, 10), workers.member());
            sendRounds(10, 10);
            BindingBackend node = anotherNode();
            MessageConsumer second = receive(node, request("group", Ordering.KEY, 10), workers.member());
            sendRounds(10, 10, 20);
            first.close();
            sendRounds(10, 20, 30);
            receive(backend(), request("group", Ordering.KEY, 10), workers.member());
            sendRounds(10, 30, 40);
            second.close();
            node.close();

            eventually(() -> assertThat(workers.handled()).isEqualTo(rounds(10, 40)));
            assertThat(workers.gaps()).isEmpty();
        } finally {
            workers.close();
        }
    }

    @Test
    void handsTheKeysOfAMemberThatClosesToOthersInOrder() {
        sendRounds(5, 10);
        Collector closed = Collector.keeping();
        MessageConsumer consumer = receive(backend(), request("group", Ordering.KEY, 20), closed);
        awaitCount(closed, 20);

        consumer.close();

        Collector collector = Collector.acknowledging();
        receive(backend(), request("group", Ordering.KEY, ROOM), collector);
        awaitCount(collector, 50);
        assertEachKeyInOrder(collector, 5, 10);
    }

    private void assertEachKeyInOrder(Collector collector, int keys, int count) {
        for (int key = 0; key < keys; key++) {
            assertThat(collector.texts("key" + key))
                    .containsExactlyElementsOf(IntStream.range(0, count)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    private void sendRounds(int keys, int count) {
        sendRounds(keys, 0, count);
    }

    private void sendRounds(int keys, int from, int to) {
        for (int i = from; i < to; i++) {
            for (int key = 0; key < keys; key++) {
                sendKeyed("key" + key, Integer.toString(i));
            }
        }
    }

    private static Map<String, Integer> rounds(int keys, int count) {
        Map<String, Integer> last = new TreeMap<>();
        for (int key = 0; key < keys; key++) {
            last.put("key" + key, count - 1);
        }
        return last;
    }
}
