// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Batch;
import io.mecha.binding.Event;
import io.mecha.binding.Ordering;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveBatchTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec<String> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of("orders", String.class).options(options).build();
    }

    private List<String> note(Batch<String> batch) {
        List<String> ids = batch.events().stream().map(Event::id).toList();
        batches.add(ids);
        return ids;
    }

    @Test
    void callsTheHandlerWhenABatchIsFull() {
        kit.clock = new TestClock();
        kit.engine().subscribeBatch(spec(fast().batchSize(3).build()), this::note);

        kit.send("1").send("2");
        assertThat(batches).isEmpty();
        kit.send("3");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("1", "2", "3"));
        assertThat(batches).containsExactly(List.of("1", "2", "3"));
    }

    @Test
    void doesNotWaitLongerThanTheLingerForAFullBatch() {
        TestClock clock = new TestClock();
        kit.clock = clock;
        kit.engine()
                .subscribeBatch(
                        spec(fast().batchSize(3)
                                .batchLinger(Duration.ofSeconds(5))
                                .build()),
                        this::note);
        kit.send("1").send("2");

        clock.advance(Duration.ofSeconds(6));

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(2));
        assertThat(batches).containsExactly(List.of("1", "2"));
    }

    @Test
    void obeysAnOutcomeForEach() {
        kit.engine().subscribeBatch(spec(fast().batchSize(4).build()), batch -> {
            List<String> ids = note(batch);
            for (int index = 0; index < ids.size(); index++) {
                switch (ids.get(index)) {
                    case "drop" -> batch.drop(index);
                    case "dead" -> batch.deadLetter(index, "no");
                    case "again" -> batch.retry(index, new IllegalStateException("x"));
                    default -> {}
                }
            }
        });

        kit.send("ok").send("drop").send("dead").send("again");

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(4));
        assertThat(batches.stream().filter(batch -> batch.contains("again"))).hasSize(3);
        assertThat(batches.stream().filter(batch -> batch.contains("ok"))).hasSize(1);
        assertThat(kit.broker("orders.dead").sent())
                .extracting(message -> message.attributes().get("id"))
                .containsExactlyInAnyOrder("dead", "again");
    }

    @Test
    void retriesAllWithoutAnOutcomeIfTheHandlerThrows() {
        kit.engine().subscribeBatch(spec(fast().batchSize(2).build()), batch -> {
            note(batch);
            if (batches.size() == 1) {
                batch.drop(0);
                throw new IllegalStateException("x");
            }
        });

        kit.send("1").send("2");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("1", "2"));
        assertThat(batches).containsExactly(List.of("1", "2"), List.of("2"));
    }

    @Test
    void takesEventsOfOneKeyTogetherAndKeepsThemBehindARetry() {
        kit.engine()
                .subscribeBatch(
                        spec(fast().ordering(Ordering.KEY)
                                .batchSize(4)
                                .concurrency(4)
                                .build()),
                        batch -> {
                            List<String> ids = note(batch);
                            if (batches.size() == 1) {
                                batch.retry(ids.indexOf("a2"), Duration.ofMillis(20));
                            }
                        });

        kit.send("a1", "a", Map.of())
                .send("a2", "a", Map.of())
                .send("a3", "a", Map.of())
                .send("b1", "b", Map.of());

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(4));
        assertThat(batches.get(0)).containsExactly("a1", "a2", "a3", "b1");
        assertThat(batches.subList(1, batches.size()).stream().flatMap(List::stream))
                .containsExactly("a2", "a3");
        soon(() -> assertThat(kit.engine().subscriptions().get(0).inFlight()).isZero());
    }

    @Test
    void writesUnreadableOnesToTheDeadLetterAndHandlesTheOthers() {
        kit.engine()
                .subscribeBatch(
                        SubscriptionSpec.of("orders", Integer.class)
                                .options(fast().batchSize(2).build())
                                .build(),
                        batch -> assertThat(batch.payloads()).containsExactly(7));

        kit.send("x").send("7", null, Map.of("datacontenttype", "text/plain"));

        soon(() -> assertThat(kit.broker("orders.dead").sent()).isNotEmpty());
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(2));
    }
}
