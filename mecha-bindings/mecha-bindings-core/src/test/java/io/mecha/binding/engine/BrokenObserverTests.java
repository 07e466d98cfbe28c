// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Outcome;
import io.mecha.binding.SendException;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.test.BrokenObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an observer throws, and whenever: what becomes of an event is what it would be without one. */
class BrokenObserverTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec<String> spec(SubscriptionOptions.Builder options) {
        return SubscriptionSpec.of("orders", String.class)
                .options(options.build())
                .build();
    }

    private void acknowledgedOnce(String... ids) {
        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder(ids));
        kit.close();
        assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder(ids);
        assertThat(handled).containsExactlyInAnyOrder(ids);
        assertThat(kit.broker("orders.dead").sent()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void handlesOnce(BrokenObserver.Moment broken) {
        ObservationRegistry registry = BrokenObserver.registry(broken);
        kit.observations = registry;
        Queue<Boolean> left = new ConcurrentLinkedQueue<>();
        kit.engine().subscribe(spec(fast().concurrency(1)), event -> {
            handled.add(event.id());
            Observation.@Nullable Scope scope = registry.getCurrentObservationScope();
            left.add(scope != null && scope.getPreviousObservationScope() != null);
            return Outcome.ack();
        });

        kit.send("a").send("b").send("c");

        acknowledgedOnce("a", "b", "c");
        assertThat(left).as("scopes left open on the thread").containsOnly(false);
    }

    @ParameterizedTest
    @EnumSource
    void handlesOnceInABatch(BrokenObserver.Moment broken) {
        kit.observations = BrokenObserver.registry(broken);
        kit.engine()
                .subscribeBatch(
                        spec(fast().batchSize(2)), batch -> batch.events().forEach(event -> handled.add(event.id())));

        kit.send("a").send("b");

        acknowledgedOnce("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void handlesOnceAsynchronously(BrokenObserver.Moment broken) {
        kit.observations = BrokenObserver.registry(broken);
        kit.engine().subscribeAsync(spec(fast()), event -> {
            handled.add(event.id());
            return CompletableFuture.supplyAsync(Outcome::ack);
        });

        kit.send("a").send("b");

        acknowledgedOnce("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void triesAgainWhatFailed(BrokenObserver.Moment broken) {
        kit.observations = BrokenObserver.registry(broken);
        kit.engine().subscribe(spec(fast()), event -> {
            handled.add(event.id() + event.attempt());
            throw new IllegalStateException("refused");
        });

        kit.send("a");

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        assertThat(handled).containsExactly("a1", "a2", "a3");
    }

    @ParameterizedTest
    @EnumSource
    void sends(BrokenObserver.Moment broken) {
        FakeBackend backend = new FakeBackend();
        ObservationRegistry registry = BrokenObserver.registry(broken);
        try (Node node = Node.on(backend).observations(registry).build()) {
            Sender<String> sender = node.sender(String.class);

            String id = sender.send("a").id();
            assertThat(backend.ids()).containsExactly(id);
            assertThat(sender.sendAsync("b").toCompletableFuture().join().id()).isNotEqualTo(id);
            assertThat(sender.sendAll(List.of("c", "d"))).hasSize(2);

            assertThat(backend.ids()).hasSize(4);
            assertThat(registry.getCurrentObservationScope()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatASendFailedWith(BrokenObserver.Moment broken) {
        FakeBackend backend = new FakeBackend();
        backend.answer = (id, message) -> CompletableFuture.failedFuture(new IllegalStateException("away"));
        ObservationRegistry registry = BrokenObserver.registry(broken);
        try (Node node = Node.on(backend.maximum(3)).observations(registry).build()) {
            Sender<String> sender = node.sender(String.class);

            assertThatExceptionOfType(SendException.class).isThrownBy(() -> sender.send("a"));
            assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> sender.send("large"));
            assertThat(registry.getCurrentObservationScope()).isNull();
        }
    }
}
