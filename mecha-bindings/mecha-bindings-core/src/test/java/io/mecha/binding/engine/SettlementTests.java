// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.RetryPolicy;
import io.mecha.binding.Bindings;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettlementTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec.Builder<String> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of("orders", String.class).options(options);
    }

    private void sendTogether(String... ids) {
        String events = String.join(
                ",",
                List.of(ids).stream()
                        .map(id -> ("{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/test\",\"type\":\"t\","
                                        + "\"datacontenttype\":\"text/plain\",\"data\":\"%s\"}")
                                .formatted(id, id))
                        .toList());
        kit.orders.send(
                "batch",
                Message.received(
                        null,
                        "application/cloudevents-batch+json",
                        Map.of(),
                        Map.of(),
                        ("[" + events + "]").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @EnumSource
    void handsOnlyItsOwnDeliveriesBackToTheBackend(Kind kind) {
        kit.orders.forwarding();
        kind.subscribe(
                kit.engine(),
                spec(fast().concurrency(1).build()).sendTo("billed").build(),
                text -> {
                    handled.add(text);
                    if (text.equals("bad")) {
                        throw new IllegalStateException("no");
                    }
                    return Outcome.reply(text);
                });

        sendTogether("good", "bad");
        sendTogether("later");

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(2));
        assertThat(handled).containsOnlyOnce("good", "later");
        assertThat(handled.stream().filter("bad"::equals)).hasSize(3);
        assertThat(kit.broker("orders.dead").sent()).hasSize(1);
        assertThat(kit.orders.foreign()).isEmpty();
    }

    @Test
    void remembersOfAMessageTheEventThatFailedMostOften() {
        kit.engine().subscribe(spec(fast().concurrency(2).build()).build(), event -> {
            if (event.data().equals("bad") && event.attempt() == 3) {
                kit.orders.crash();
            }
            throw new IllegalStateException("no");
        });

        sendTogether("bad", "worse");

        soon(() -> assertThat(kit.orders.groups.get(ReceiveKit.GROUP).queue)
                .singleElement()
                .satisfies(queued -> assertThat(queued.attempts).isGreaterThanOrEqualTo(2)));
    }

    @ParameterizedTest
    @EnumSource
    void outlivesExceptionsThatCannotBeRead(Kind kind) {
        Subscription subscription = kind.subscribe(
                kit.engine(),
                spec(fast().concurrency(1)
                                .ordering(Ordering.KEY)
                                .retry(new RetryPolicy(
                                        2, Duration.ZERO, null, null, null, List.of(IllegalArgumentException.class)))
                                .build())
                        .build(),
                text -> {
                    handled.add(text);
                    if (text.startsWith("bad")) {
                        throw new MuteException();
                    }
                    if (text.startsWith("circle")) {
                        throw circle();
                    }
                    return Outcome.ack();
                });

        kit.send("bad", "k", Map.of()).send("circle", "k", Map.of()).send("good", "k", Map.of());

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("bad", "circle", "good"));
        assertThat(handled)
                .containsSubsequence("bad", "bad", "circle", "circle", "good")
                .endsWith("good");
        soon(() -> assertThat(subscription.inFlight()).isZero());
        assertThat(kit.broker("orders.dead").sent().get(0).attributes())
                .containsEntry("mechadeadexception", MuteException.class.getName())
                .doesNotContainKey("knativeerrordata");
    }

    @ParameterizedTest
    @EnumSource
    void outlivesFallbacksAndBackendsThatThrowErrors(Kind kind) {
        kit.orders.failing = delivery -> delivery.message().key() != null;
        Subscription subscription = kind.subscribe(
                kit.engine(),
                spec(fast().concurrency(1).build())
                        .fallback((event, failure) -> {
                            throw new StackOverflowError();
                        })
                        .build(),
                text -> {
                    handled.add(text);
                    if (text.equals("bad")) {
                        throw new AssertionError("no");
                    }
                    return Outcome.ack();
                });

        kit.send("stuck", "k", Map.of()).send("bad").send("good");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("bad", "good"));
        assertThat(handled).contains("stuck");
        soon(() -> assertThat(subscription.inFlight()).isZero());
    }

    @Test
    void closesEveryBackendWhateverOneThrows() {
        Bindings engine = kit.engine();
        AtomicInteger consumers = new AtomicInteger();
        engine.subscribe(spec(fast().build()).build(), event -> Outcome.ack());
        engine.subscribe(spec(fast().group("shipping").build()).build(), event -> Outcome.ack());
        kit.orders.closingConsumer = () -> {
            consumers.incrementAndGet();
            throw new IllegalStateException("closing");
        };
        kit.brokers
                .values()
                .forEach(broker -> broker.closing = () -> {
                    throw new IllegalStateException("closing");
                });

        assertThatThrownBy(() -> kit.engine().close()).hasMessage("closing");

        assertThat(kit.brokers).hasSizeGreaterThan(1);
        assertThat(kit.brokers.values()).allMatch(broker -> broker.closed);
        assertThat(consumers).hasValue(2);
    }

    private static RuntimeException circle() {
        RuntimeException first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        return first;
    }

    /** A way to handle events. */
    enum Kind {
        SINGLE,
        ASYNC,
        BATCH;

        Subscription subscribe(Bindings engine, SubscriptionSpec<String> spec, Function<String, Outcome> handler) {
            return switch (this) {
                case SINGLE -> engine.subscribe(spec, event -> handler.apply(event.data()));
                case ASYNC -> engine.subscribeAsync(spec, event -> later(() -> handler.apply(event.data())));
                case BATCH ->
                    engine.subscribeBatch(spec, batch -> {
                        for (int index = 0; index < batch.size(); index++) {
                            try {
                                Outcome unused =
                                        handler.apply(batch.events().get(index).data());
                            } catch (Throwable failure) { // allow CatchException: the event is tried again
                                batch.retry(index, failure);
                            }
                        }
                    });
            };
        }
    }

    /** Calls on another thread; the JDK's own ways ask an exception for its text before 21, and never complete if it throws. */
    private static CompletionStage<Outcome> later(Supplier<Outcome> call) {
        CompletableFuture<Outcome> stage = new CompletableFuture<>();
        ForkJoinPool.commonPool().execute(() -> {
            try {
                stage.complete(call.get());
            } catch (Throwable failure) { // allow CatchException: it is what the stage ends with
                stage.completeExceptionally(failure);
            }
        });
        return stage;
    }

    /** An exception that fails at everything. */
    private static final class MuteException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("cause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("text");
        }
    }
}
