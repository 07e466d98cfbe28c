// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.Handler;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.test.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class LaneBehaviour extends EngineGroup {

    LaneBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void keepsTheOrderOfKeysWithOneHandlerAtATime() {
        assertKeepsOrder(1, 5, 10);
    }

    @Test
    void keepsTheOrderOfKeysWithManyHandlersAndFailures() {
        assertKeepsOrder(8, 20, 15);
    }

    @Test
    void handlesManyKeys() {
        assertKeepsOrder(16, 300, 3);
    }

    @Test
    void holdsUpNoOtherKeyWhileOneIsRetried() {
        Bindings engine = orderedEngine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean ill = new AtomicBoolean(true);
        subscribe(engine, ordered(4, 1000), event -> {
            if (event.data().equals("slow0") && ill.get()) {
                failures.incrementAndGet();
                throw new IllegalStateException("not yet");
            }
            handled.add(event.data());
            return Outcome.ack();
        });

        sendKeyed(engine, "slow", 2);
        eventually(() -> assertThat(failures).hasPositiveValue());
        sendKeyed(engine, "fast", 3);

        eventually(() -> assertThat(handled).containsExactly("fast0", "fast1", "fast2"));
        ill.set(false);
        eventually(() -> assertThat(handled).endsWith("slow0", "slow1"));
    }

    @Test
    void letsOthersOvertakeARetryWithoutOrder() {
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        AtomicBoolean ill = new AtomicBoolean(true);
        AtomicInteger failures = new AtomicInteger();
        subscribe(engine, spec(1000).build(), event -> {
            if (event.data().equals("m0") && ill.get()) {
                failures.incrementAndGet();
                throw new IllegalStateException("not yet");
            }
            handled.add(event.data());
            return Outcome.ack();
        });

        sendTexts(engine, "m0");
        eventually(() -> assertThat(failures).hasPositiveValue());
        sendTexts(engine, "m1", "m2");

        eventually(() -> assertThat(handled).containsExactlyInAnyOrder("m1", "m2"));
        ill.set(false);
        eventually(() -> assertThat(handled).contains("m0"));
    }

    @Test
    void handlesNoMoreAtOnceThanAllowed() {
        Bindings engine = engine();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        subscribe(engine, spec(1).options(quick(1).concurrency(3).build()).build(), event -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Eventually.letPass(Duration.ofMillis(20));
            running.decrementAndGet();
            handled.incrementAndGet();
            return Outcome.ack();
        });

        sendNumbered(engine, 30);

        eventually(() -> assertThat(handled).hasValue(30));
        assertThat(most.get()).isBetween(2, 3);
    }

    @Test
    void losesAndReordersNothingWhenANodeCrashes() {
        EngineSetup setup = setup(Encoding.BINARY);
        declare(backend(), APPLICATION, orderedOr());
        Bindings first = engine(setup);
        Map<String, Integer> last = new ConcurrentHashMap<>();
        Queue<String> gaps = new ConcurrentLinkedQueue<>();
        Handler<String> handler = event -> {
            Eventually.letPass(Duration.ofMillis(1));
            follow(event, last, gaps);
            return Outcome.ack();
        };
        subscribe(first, ordered(4, 3), handler);
        for (int key = 0; key < 5; key++) {
            sendKeyed(first, "k" + key + "-", 20);
        }
        eventually(() -> assertThat(last).isNotEmpty());

        setup.crash();
        subscribe(engine(), ordered(4, 3), handler);

        eventually(() -> assertThat(last.values()).hasSize(5).containsOnly(19));
        assertThat(gaps).isEmpty();
    }

    private void assertKeepsOrder(int concurrency, int keys, int count) {
        Bindings engine = orderedEngine();
        Map<String, Integer> last = new ConcurrentHashMap<>();
        Map<String, Boolean> busy = new ConcurrentHashMap<>();
        Queue<String> mistakes = new ConcurrentLinkedQueue<>();
        Set<String> failed = ConcurrentHashMap.newKeySet();
        subscribe(engine, ordered(concurrency, 3), event -> {
            String key = event.key().orElseThrow();
            if (busy.putIfAbsent(key, true) != null) {
                mistakes.add("overlap of " + event.data());
            }
            try {
                if (event.data().hashCode() % 4 == 0 && failed.add(event.data())) {
                    throw new IllegalStateException("the first time");
                }
                follow(event, last, mistakes);
                return Outcome.ack();
            } finally {
                busy.remove(key);
            }
        });

        for (int key = 0; key < keys; key++) {
            sendKeyed(engine, "k" + key + "-", count);
        }

        eventually(() -> assertThat(last.values()).hasSize(keys).containsOnly(count - 1));
        assertThat(mistakes).isEmpty();
    }

    private static void follow(Event<String> event, Map<String, Integer> last, Queue<String> gaps) {
        String key = event.key().orElseThrow();
        int number = Integer.parseInt(event.data().substring(key.length()));
        int before = last.getOrDefault(key, -1);
        if (number > before + 1) {
            gaps.add("%s after %d".formatted(event.data(), before));
        }
        last.merge(key, number, Math::max);
    }

    private Bindings orderedEngine() {
        declare(backend(), APPLICATION, orderedOr());
        return engine();
    }

    private Ordering orderedOr() {
        capability(KeyOrder.class);
        return Ordering.KEY;
    }

    private SubscriptionSpec<String> ordered(int concurrency, int maxAttempts) {
        return spec(1).options(quick(maxAttempts)
                        .ordering(Ordering.KEY)
                        .concurrency(concurrency)
                        .build())
                .build();
    }

    private void sendKeyed(Bindings engine, String key, int count) {
        Sender<String> sender = engine.sender(channel(), String.class).with(SendOption.key(key));
        List<CompletionStage<Receipt>> stages = IntStream.range(0, count)
                .mapToObj(i -> sender.sendAsync(key + i))
                .toList();
        stages.forEach(this::await);
    }
}
