// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.Capabilities;
import io.mecha.RetryPolicy;
import io.mecha.binding.Event;
import io.mecha.binding.Filter;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        kit.close();
    }

    private SubscriptionSpec.Builder<String> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of("orders", String.class).options(options);
    }

    private ChannelStatistics statistics() {
        return kit.engine().channels().stream()
                .filter(channel -> channel.name().equals("orders"))
                .findFirst()
                .orElseThrow()
                .statistics();
    }

    private List<Message> dead() {
        return kit.broker("orders.dead").sent();
    }

    private String note(String name) {
        return dead().get(0).attributes().getOrDefault(name, "");
    }

    @Test
    void acknowledgesWhatAHandlerHandled() {
        kit.engine().subscribe(spec(fast().build()).build(), event -> {
            handled.add(event.data() + event.attempt());
            return Outcome.ack();
        });

        kit.send("a").send("b");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a", "b"));
        assertThat(handled).containsExactly("a1", "b1");
        assertThat(statistics().received().sum()).isEqualTo(2);
    }

    @Test
    void triesExactlyAsOftenAsThePolicySaysThenWritesTheDeadLetter() {
        kit.engine().subscribe(spec(fast().build()).build(), event -> {
            handled.add(event.data() + event.attempt());
            throw new IllegalStateException("no stock");
        });

        kit.send("a");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(handled).containsExactly("a1", "a2", "a3");
        assertThat(statistics().retried().sum()).isEqualTo(2);
        assertThat(statistics().deadLettered().sum()).isEqualTo(1);
        assertThat(dead()).hasSize(1);
        assertThat(dead().get(0).attributes())
                .containsEntry("id", "a")
                .containsEntry("source", "/test")
                .containsEntry("type", "order.placed")
                .containsEntry("mechadeadchannel", "orders")
                .containsEntry("mechadeadgroup", ReceiveKit.GROUP)
                .containsEntry("mechadeadattempts", "3")
                .containsEntry("mechadeadexception", "java.lang.IllegalStateException")
                .containsEntry("knativeerrorcode", "500")
                .containsEntry("knativeerrordata", "no stock")
                .containsEntry("knativeerrordest", "orders");
        assertThat(dead().get(0).body()).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void countsErrorsOfTheVirtualMachineAsFailures() {
        kit.engine().subscribe(spec(fast().build()).build(), event -> {
            handled.add(event.data());
            return deeper(event);
        });

        kit.send("a").send("b");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("a", "b"));
        assertThat(handled).hasSize(6);
        assertThat(note("mechadeadexception")).isEqualTo("java.lang.StackOverflowError");
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static Outcome deeper(Event<String> event) {
        Outcome outcome = deeper(event);
        return outcome == null ? Outcome.ack() : outcome;
    }

    @Test
    void doesNotRetryWhatRetryingCannotHelp() {
        SubscriptionOptions options = SubscriptionOptions.builder()
                .retry(new RetryPolicy(5, Duration.ZERO, null, null, null, List.of(IllegalArgumentException.class)))
                .build();
        kit.engine().subscribe(spec(options).build(), event -> {
            handled.add(event.data());
            throw new IllegalStateException(new NumberFormatException("NaN"));
        });

        kit.send("a");

        soon(() -> assertThat(dead()).hasSize(1));
        assertThat(handled).containsExactly("a");
    }

    @Test
    void obeysTheOutcome() {
        kit.engine().subscribe(spec(fast().build()).build(), event -> switch (event.data()) {
            case "drop" -> Outcome.drop();
            case "dead" -> Outcome.deadLetter("too old");
            default -> event.attempt() == 1 ? Outcome.retry(Duration.ZERO) : Outcome.ack();
        });

        kit.send("drop").send("dead").send("again");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("drop", "dead", "again"));
        assertThat(statistics().dropped().sum()).isEqualTo(1);
        assertThat(dead()).hasSize(1);
        assertThat(note("mechadeadreason")).isEqualTo("too old");
        assertThat(note("knativeerrorcode")).isEqualTo("422");
    }

    @Test
    void asksTheFallbackBeforeTheDeadLetter() {
        kit.engine()
                .subscribe(
                        spec(fast().build())
                                .fallback((event, failure) -> {
                                    handled.add(
                                            event.data() + " after " + failure.attempts() + " in " + failure.group());
                                    if (event.data().equals("b")) {
                                        throw new IllegalStateException("also");
                                    }
                                    return Outcome.ack();
                                })
                                .build(),
                        event -> {
                            throw new IllegalStateException("no stock");
                        });

        kit.send("a").send("b");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("a", "b"));
        assertThat(handled).containsExactlyInAnyOrder("a after 3 in billing", "b after 3 in billing");
        assertThat(dead()).hasSize(1);
        assertThat(note("id")).isEqualTo("b");
    }

    @Test
    void writesPoisonToTheDeadLetterAtOnce() {
        kit.engine().subscribe(SubscriptionSpec.of("orders", Integer.class).build(), event -> Outcome.ack());

        kit.send("a");
        soon(() -> assertThat(dead()).hasSize(1));
        byte[] noise = {1, 2, 3};
        kit.orders.send("x", Message.received("k", "text/plain", Map.of(), Map.of("h", "v"), noise));

        soon(() -> assertThat(dead()).hasSize(2));
        assertThat(note("knativeerrorcode")).isEqualTo("400");
        Message raw = dead().get(1);
        assertThat(raw.attributes()).isEmpty();
        assertThat(raw.headers()).containsEntry("h", "v").containsEntry("mechadeadgroup", ReceiveKit.GROUP);
        assertThat(raw.body()).isEqualTo(noise);
        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("a", "?"));
    }

    @Test
    void keepsTheMessageWhileTheDeadLetterCannotBeWritten() {
        kit.broker("orders.dead").down = true;
        kit.engine().subscribe(spec(fast().build()).build(), event -> Outcome.deadLetter("no"));

        kit.send("a");
        soon(() -> assertThat(kit.engine().subscriptions().get(0).inFlight()).isEqualTo(1));
        assertThat(kit.orders.acknowledged()).isEmpty();
        kit.broker("orders.dead").down = false;

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(dead()).hasSize(1);
        soon(() -> assertThat(kit.engine().subscriptions().get(0).inFlight()).isZero());
    }

    @Test
    void rejectsWithoutADeadLetter() {
        kit.engine().subscribe(spec(fast().deadLetter("none").build()).build(), event -> Outcome.deadLetter("no"));

        kit.send("a");

        soon(() -> assertThat(kit.orders.rejected).hasSize(1));
        assertThat(statistics().rejected().sum()).isEqualTo(1);
    }

    @Test
    void countsAttemptsOverRestarts() {
        CountDownLatch failedTwice = new CountDownLatch(2);
        kit.engine().subscribe(spec(fast().build()).build(), event -> {
            failedTwice.countDown();
            return Outcome.retry(event.attempt() == 1 ? Duration.ZERO : Duration.ofHours(1));
        });
        kit.send("a");
        soon(() -> assertThat(failedTwice.getCount()).isZero());

        kit.restart().subscribe(spec(fast().build()).build(), event -> {
            handled.add("attempt " + event.attempt());
            throw new IllegalStateException();
        });

        soon(() -> assertThat(dead()).hasSize(1));
        assertThat(handled).containsExactly("attempt 3");
    }

    @Test
    void givesUpUntriedWhatKilledTheJvmTooOften() {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        kit.send("a");
        for (int life = 0; life < 3; life++) {
            int expected = life + 1;
            kit.restart()
                    .subscribe(spec(fast().drainTimeout(Duration.ZERO).build()).build(), event -> {
                        calls.incrementAndGet();
                        never.await();
                        return Outcome.ack();
                    });
            if (life == 0) {
                kit.send("b");
            }
            soon(() -> assertThat(calls.get()).isEqualTo(expected));
        }

        kit.restart().subscribe(spec(fast().build()).build(), event -> Outcome.ack());

        soon(() -> assertThat(dead()).hasSize(1));
        assertThat(note("mechadeadreason")).contains("4 times");
        assertThat(calls).hasValue(3);
    }

    @Test
    void triesWhatWasHandedOutTooOftenWhereTheBackendAlsoCountsWhatWasNotTried() {
        ScriptedBroker orders = kit.orders;
        orders.offering(Capabilities.none()
                .with(Inbound.class, orders)
                .with(Outbound.class, orders)
                .with(Groups.class, orders));
        CountDownLatch never = new CountDownLatch(1);
        for (int life = 0; life < 4; life++) {
            Queue<String> begun = new ConcurrentLinkedQueue<>();
            kit.restart()
                    .subscribe(spec(fast().drainTimeout(Duration.ZERO).build()).build(), event -> {
                        begun.add(event.data());
                        never.await();
                        return Outcome.ack();
                    });
            if (life == 0) {
                kit.send("a").send("b");
            }
            soon(() -> assertThat(begun).hasSize(1));
        }

        kit.restart().subscribe(spec(fast().build()).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });

        soon(() -> assertThat(handled).containsExactlyInAnyOrder("a", "b"));
        assertThat(dead()).isEmpty();
    }

    @Test
    void interruptsAHandlerThatTakesTooLong() {
        kit.clock = new TestClock();
        kit.engine()
                .subscribe(
                        spec(fast().timeout(Duration.ofSeconds(30))
                                        .retry(ReceiveKit.retries(1))
                                        .build())
                                .build(),
                        event -> {
                            handled.add(event.data());
                            new CountDownLatch(1).await();
                            return Outcome.ack();
                        });
        kit.send("a");
        soon(() -> assertThat(handled).hasSize(1));

        ((TestClock) kit.clock).advance(Duration.ofSeconds(31));

        soon(() -> assertThat(dead()).hasSize(1));
        assertThat(note("mechadeadexception")).isEqualTo("java.util.concurrent.TimeoutException");
    }

    @Test
    void endsAnAsynchronousHandlerThatTakesTooLong() {
        kit.clock = new TestClock();
        kit.engine()
                .subscribeAsync(
                        spec(fast().timeout(Duration.ofSeconds(30))
                                        .retry(ReceiveKit.retries(1))
                                        .build())
                                .build(),
                        event -> {
                            handled.add(event.data());
                            return new CompletableFuture<>();
                        });
        kit.send("a");
        soon(() -> assertThat(handled).hasSize(1));

        // The engine sees what the handler returned, and starts to count, only after the handler has said so here.
        soon(() -> {
            ((TestClock) kit.clock).advance(Duration.ofSeconds(31));
            assertThat(dead()).hasSize(1);
        });
    }

    @Test
    void waitsForAnAsynchronousOutcomeWithoutMoreThanTheConcurrency() {
        List<CompletableFuture<Outcome>> open = new CopyOnWriteArrayList<>();
        kit.engine().subscribeAsync(spec(fast().concurrency(2).build()).build(), event -> {
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            open.add(outcome);
            return outcome;
        });
        kit.send("a").send("b").send("c");
        soon(() -> assertThat(open).hasSize(2));

        open.get(1).complete(Outcome.ack());

        soon(() -> assertThat(open).hasSize(3));
        open.get(0).completeExceptionally(new IllegalStateException());
        soon(() -> assertThat(open).hasSize(4));
        open.get(2).complete(Outcome.ack());
        open.get(3).complete(Outcome.ack());
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(3));
    }

    @Test
    void dropsWhatIsTooOld() {
        kit.engine().subscribe(spec(fast().build()).build(), event -> {
            handled.add(event.id());
            return Outcome.ack();
        });

        kit.send("old", null, Map.of("expirytime", "2020-01-01T00:00:00Z"));
        kit.send("new", null, Map.of("expirytime", "2999-01-01T00:00:00Z"));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("old", "new"));
        assertThat(handled).containsExactly("new");
        assertThat(statistics().expired().sum()).isEqualTo(1);
    }

    @Test
    void givesAnEventToTheMostSpecificHandler() {
        kit.engine().subscribe(spec(fast().build()).build(), event -> record("rest", event));
        kit.engine().subscribe(spec(fast().build()).types("order.placed").build(), event -> record("placed", event));
        kit.engine()
                .subscribe(
                        spec(fast().build())
                                .types("order.placed")
                                .filter(Filter.exact(Map.of("tenant", "a")))
                                .build(),
                        event -> record("tenant", event));

        kit.send("1", null, Map.of("tenant", "a"));
        kit.send("2", null, Map.of("tenant", "b"));
        kit.send("3", null, Map.of("type", "order.paid"));

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(3));
        assertThat(handled).containsExactlyInAnyOrder("tenant 1", "placed 2", "rest 3");
    }

    private Outcome record(String handler, Event<String> event) {
        handled.add(handler + " " + event.id());
        return Outcome.ack();
    }

    @Test
    void acknowledgesWhatNoHandlerTakes() {
        kit.engine().subscribe(spec(fast().build()).types("a").build(), event -> record("a", event));
        kit.engine().subscribe(spec(fast().build()).types("b").build(), event -> record("b", event));

        kit.send("1").send("2", null, Map.of("type", "b"));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("1", "2"));
        assertThat(handled).containsExactly("b 2");
        assertThat(statistics().filtered().sum()).isEqualTo(1);
    }

    @Test
    void doesNotHandleWhatTheBackendGaveToAnother() {
        CountDownLatch first = new CountDownLatch(1);
        kit.engine().subscribe(spec(fast().build()).build(), event -> {
            handled.add(event.id());
            first.await();
            return Outcome.ack();
        });
        kit.send("a").send("b");
        soon(() -> assertThat(handled).containsExactly("a"));

        kit.orders.crash();
        first.countDown();

        soon(() -> assertThat(kit.engine().subscriptions().get(0).inFlight()).isZero());
        assertThat(handled).containsExactly("a");
        assertThat(kit.orders.acknowledged()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/cloudevents-batch+json", "Application/CloudEvents-Batch+JSON; charset=utf-8"})
    void handlesEachEventOfABatchAndAcknowledgesTheMessageOnce(String contentType) {
        kit.engine().subscribe(spec(fast().build()).build(), event -> record("part", event));
        String batch = """
                [{"specversion":"1.0","id":"1","source":"/s","type":"t","data":"x"},
                 {"specversion":"1.0","id":"2","source":"/s","type":"t","data":"y"}]""";

        kit.orders.send(
                "batch",
                Message.received(null, contentType, Map.of(), Map.of(), batch.getBytes(StandardCharsets.UTF_8)));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("?"));
        assertThat(handled).containsExactlyInAnyOrder("part 1", "part 2");
    }

    @Test
    void acknowledgesABatchOfNothing() {
        kit.engine().subscribe(spec(fast().build()).build(), event -> record("part", event));

        kit.orders.send(
                "batch",
                Message.received(
                        null,
                        "application/cloudevents-batch+json",
                        Map.of(),
                        Map.of(),
                        "[]".getBytes(StandardCharsets.UTF_8)));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("?"));
        assertThat(handled).isEmpty();
        assertThat(dead()).isEmpty();
    }

    @Test
    void handlesOnTheThreadOfTheSenderWhereTheBrokerAsksForIt() {
        kit.orders.direct = true;
        kit.engine().subscribe(spec(fast().build()).build(), event -> {
            handled.add(Thread.currentThread().getName());
            if (event.attempt() == 1 && event.id().equals("b")) {
                throw new IllegalStateException();
            }
            return Outcome.ack();
        });

        kit.send("a");
        assertThat(handled).containsExactly(Thread.currentThread().getName());
        assertThat(kit.orders.acknowledged()).containsExactly("a");
        kit.send("b");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a", "b"));
    }
}
