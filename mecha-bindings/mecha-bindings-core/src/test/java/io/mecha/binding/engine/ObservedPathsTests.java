// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.Encoding;
import io.mecha.binding.Outcome;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drives each way of a message that is observed, and looks for what was begun and not ended. */
class ObservedPathsTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final ObservationLog log = new ObservationLog();
    private final ReceiveKit kit = new ReceiveKit();
    private final TestClock clock = new TestClock();

    ObservedPathsTests() {
        kit.observations = log.registry();
        kit.stores = name -> new ScriptedStore(clock).store();
    }

    @AfterEach
    void endsEachObservationOnce() {
        kit.close();
        assertThat(log.counts()).isNotEmpty();
        log.assertEnded();
    }

    private static SubscriptionSpec.Builder<String> spec() {
        return SubscriptionSpec.of("orders", String.class).options(fast().build());
    }

    private static SubscriptionSpec<String> withInbox() {
        SubscriptionOptions options = fast().inbox(new SubscriptionOptions.Inbox("dedup", Duration.ofHours(24)))
                .build();
        return spec().options(options).build();
    }

    private void received(int observations) {
        soon(() -> {
            assertThat(log.counts().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(observations);
            log.assertEnded();
        });
    }

    @Test
    void singleEvents() {
        kit.engine().subscribe(spec().build(), event -> Outcome.ack());

        kit.send("a").send("b");

        received(2);
    }

    @Test
    void singleEventsUnderATimeout() {
        kit.engine().subscribe(spec().options(fast().timeout(SOON).build()).build(), event -> Outcome.drop());

        kit.send("a");

        received(1);
    }

    @Test
    void asynchronousEvents() {
        kit.engine()
                .subscribeAsync(
                        spec().build(),
                        event -> CompletableFuture.supplyAsync(() -> {
                            if (event.id().equals("bad")) {
                                throw new IllegalStateException("refused");
                            }
                            return Outcome.ack();
                        }));

        kit.send("a").send("bad");

        received(4);
    }

    @Test
    void asynchronousEventsThatDoNotBegin() {
        kit.engine().subscribeAsync(spec().build(), event -> {
            throw new IllegalStateException("refused");
        });

        kit.send("a");

        received(3);
    }

    @Test
    void asynchronousEventsThatTakeTooLong() {
        kit.clock = clock;
        kit.engine()
                .subscribeAsync(
                        spec().options(SubscriptionOptions.builder()
                                        .retry(ReceiveKit.retries(1))
                                        .timeout(Duration.ofSeconds(1))
                                        .build())
                                .build(),
                        event -> new CompletableFuture<>());

        kit.send("a");
        soon(() -> {
            clock.advance(Duration.ofSeconds(2)); // the timeout may begin after the observation
            assertThat(log.counts()).hasSize(1);
            log.assertEnded();
        });
        received(1);
    }

    @Test
    void asynchronousEventsThatEndWhenTheEngineIsClosed() {
        CompletableFuture<Outcome> late = new CompletableFuture<>();
        kit.engine()
                .subscribeAsync(
                        spec().options(fast().drainTimeout(Duration.ZERO).build())
                                .build(),
                        event -> late);

        kit.send("a");
        soon(() -> assertThat(log.counts()).hasSize(1));
        kit.close();
        late.complete(Outcome.ack());

        soon(log::assertEnded);
    }

    @Test
    void batches() {
        kit.engine().subscribeBatch(spec().options(fast().batchSize(2).build()).build(), batch -> {
            if (batch.events().get(0).attempt() == 1) {
                throw new IllegalStateException("refused");
            }
        });

        kit.send("a").send("b");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("a", "b"));
        soon(log::assertEnded);
    }

    @Test
    void retriesFallbackAndDeadLetter() {
        kit.engine()
                .subscribe(
                        spec().fallback((event, failure) -> Outcome.deadLetter("given up"))
                                .build(),
                        event -> {
                            throw new AssertionError("refused");
                        });

        kit.send("a");

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        received(3);
    }

    @Test
    void inboxOfItsOwnStore() {
        kit.engine().subscribe(withInbox(), event -> event.attempt() == 1 ? Outcome.retry() : Outcome.ack());

        kit.send("a");

        received(2);
    }

    @Test
    void inboxInATransaction() {
        kit.transactions = new TransactionRunner() {
            @Override
            public boolean joins(String store) {
                return true;
            }

            @Override
            public <R> R call(String store, Callable<R> work) throws Exception {
                return work.call();
            }
        };
        kit.engine().subscribe(withInbox(), event -> {
            if (event.id().equals("bad")) {
                throw new AssertionError("refused");
            }
            return Outcome.ack();
        });

        kit.send("a").send("bad");

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(2));
        soon(log::assertEnded);
    }

    @Test
    void asynchronousInbox() {
        kit.engine()
                .subscribeAsync(
                        withInbox(),
                        event -> CompletableFuture.supplyAsync(
                                () -> event.attempt() == 1 ? Outcome.retry() : Outcome.ack()));

        kit.send("a");

        received(2);
    }

    @Test
    void pipes() {
        kit.engine().subscribe(spec().sendTo("invoices").build(), event -> Outcome.reply(List.of("one", "two")));

        kit.send("a");

        received(3);
    }

    @Test
    void requestsAndReplies() {
        MemoryBroker broker = new MemoryBroker(clock);
        try (Node node = Node.on(broker.connect("orders", "orders", MemoryBindingOptions.defaults()))
                .observations(log.registry())
                .connect(name -> broker.connect(name, name, MemoryBindingOptions.defaults()))
                .build()) {
            Sender<String> sender = node.sender(String.class);

            assertThatThrownBy(() -> sender.request("?", String.class, Duration.ofMillis(1)))
                    .isInstanceOf(RuntimeException.class);
            log.assertEnded();
        } finally {
            broker.close();
        }
    }

    private BindingEngine inMemory(MemoryBroker broker, boolean synchronous) {
        ChannelSource source = new ChannelSource() {
            @Override
            public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
                return Optional.of(new ChannelDefinition(
                        Channels.options(name, Encoding.BINARY, false),
                        broker.connect(name, name, new MemoryBindingOptions(null, synchronous))));
            }

            @Override
            public boolean isConfigured(String name) {
                return true;
            }

            @Override
            public ChannelDefinition outbox(ChannelOptions channel) {
                throw new IllegalArgumentException("no outbox");
            }
        };
        BindingEngine engine = BindingEngine.builder()
                .application(ReceiveKit.GROUP)
                .node("node-1")
                .codecs(JacksonCodecs.standard())
                .observations(log.registry())
                .source(source)
                .build();
        engine.start();
        return engine;
    }

    @Test
    void directDelivery() {
        try (MemoryBroker broker = new MemoryBroker(InstantSource.system());
                BindingEngine engine = inMemory(broker, true)) {
            engine.subscribe(spec().build(), event -> switch (event.data()) {
                case "dead" -> Outcome.deadLetter("refused");
                case "bad" -> throw new IllegalStateException("refused");
                default -> Outcome.ack();
            });
            Sender<String> sender = engine.sender("orders", String.class);

            sender.send("good");
            log.assertEnded();
            sender.send("dead");
            sender.send("bad");

            received(8);
            assertThat(log.counts())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "mecha.binding.send orders sent fake", 3,
                            "mecha.binding.receive orders billing ack fake", 1,
                            "mecha.binding.receive orders billing dead-letter fake", 1,
                            "mecha.binding.receive orders billing error fake", 3));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answeredRequests(boolean synchronous) {
        try (MemoryBroker broker = new MemoryBroker(InstantSource.system());
                BindingEngine engine = inMemory(broker, synchronous)) {
            engine.subscribe(spec().build(), event -> Outcome.reply(event.data() + "!"));

            assertThat(engine.sender("orders", String.class).request("a", String.class, SOON))
                    .isEqualTo("a!");

            soon(() -> {
                assertThat(log.counts())
                        .containsEntry("mecha.binding.receive orders billing reply fake", 1)
                        .containsEntry("mecha.binding.send orders sent fake", 1);
                log.assertEnded();
            });
        }
    }

    @Test
    void redrives() {
        AtomicBoolean mended = new AtomicBoolean();
        kit.engine().subscribe(spec().build(), event -> mended.get() ? Outcome.ack() : Outcome.deadLetter("refused"));
        kit.send("a").send("b");
        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(2));
        mended.set(true);

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 10)).isEqualTo(2);

        soon(() -> {
            assertThat(log.counts())
                    .containsEntry("mecha.binding.receive orders billing dead-letter fake", 2)
                    .containsEntry("mecha.binding.receive orders billing ack fake", 2);
            log.assertEnded();
        });
    }

    @Test
    void sends() {
        FakeBackend backend = new FakeBackend();
        try (Node node = Node.on(backend).observations(log.registry()).build()) {
            Sender<String> sender = node.sender(String.class);
            sender.send("a");
            sender.sendAll(List.of("b", "c"));
            sender.sendAsync("d").toCompletableFuture().join();
            CompletableFuture<Receipt> confirmation = new CompletableFuture<>();
            backend.answer = (id, message) -> confirmation;
            var confirmed = sender.sendAsync("e");
            confirmation.complete(new Receipt("e", null));
            confirmed.toCompletableFuture().join();
        }

        assertThat(log.counts()).containsValue(4);
    }

    @Test
    void sendsThatFail() {
        FakeBackend backend = new FakeBackend();
        backend.answer = (id, message) -> CompletableFuture.failedFuture(new IllegalStateException("refused"));
        try (Node node = Node.on(backend)
                .observations(log.registry())
                .timeout(Duration.ofMillis(20))
                .build()) {
            Sender<String> sender = node.sender(String.class);
            assertThatThrownBy(() -> sender.send("a")).isInstanceOf(SendException.class);
            assertThatThrownBy(() -> sender.sendAll(List.of("b", "c"))).isInstanceOf(SendException.class);
            assertThat(sender.sendAsync("d").toCompletableFuture()).isCompletedExceptionally();
            backend.answer = (id, message) -> {
                throw new AssertionError("refused");
            };
            assertThatThrownBy(() -> sender.send("e")).isInstanceOf(AssertionError.class);
            backend.answer = (id, message) -> new CompletableFuture<>();
            var unused = sender.sendAsync("given up when closed");
        }

        assertThat(log.counts()).containsValue(5);
    }

    @Test
    void delayedSends() {
        var store = StateStoreComponent.builder(
                        "delays", "memory", new MemoryStateBackend(clock), JacksonCodecs.standard())
                .build()
                .store(byte[].class);
        FakeBackend backend = new FakeBackend();
        try (Node node = Node.on(backend)
                .clock(clock)
                .observations(log.registry())
                .delayStore(store)
                .build()) {
            node.channel.sending().start();
            node.sender(String.class)
                    .with(SendOption.delay(Duration.ofMinutes(1)))
                    .send("a");
            clock.advance(Duration.ofMinutes(2));
            eventually(SOON, () -> assertThat(backend.ids()).hasSize(1));
        }

        assertThat(log.counts()).containsValue(1);
    }

    @Test
    void outbox() {
        MemoryBroker broker = new MemoryBroker(clock);
        FakeBackend backend = new FakeBackend();
        try (Node node = Node.on(backend)
                .clock(clock)
                .observations(log.registry())
                .outbox(broker.connect("outbox", "outbox", MemoryBindingOptions.defaults()))
                .build()) {
            node.channel.sending().start();
            node.sender(String.class).send("a");
            eventually(SOON, () -> assertThat(backend.ids()).hasSize(1));
        } finally {
            broker.close();
        }

        assertThat(log.counts()).containsValue(1);
    }

    @Test
    void tellsWhatBecameOfAnEvent() {
        kit.engine()
                .subscribe(spec().fallback((event, failure) -> Outcome.drop()).build(), event -> switch (event.id()) {
                    case "retry" -> event.attempt() == 1 ? Outcome.retry() : Outcome.drop();
                    case "dead" -> Outcome.deadLetter("refused");
                    case "bad" -> throw new IllegalStateException("refused");
                    default -> Outcome.ack();
                });

        kit.send("retry").send("dead").send("bad").send("good");

        received(7);
        assertThat(log.counts())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "mecha.binding.receive orders billing retry fake", 1,
                        "mecha.binding.receive orders billing drop fake", 1,
                        "mecha.binding.receive orders billing dead-letter fake", 1,
                        "mecha.binding.receive orders billing error fake", 3,
                        "mecha.binding.receive orders billing ack fake", 1));
        assertThat(log.spans().get("ack"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "name", "process orders",
                        "messaging.system", "fake",
                        "messaging.destination.name", "orders",
                        "messaging.operation.name", "process",
                        "messaging.operation.type", "process",
                        "messaging.consumer.group.name", "billing",
                        "messaging.message.id", "good"));
    }

    @Test
    void tellsWhatBecameOfAnAsynchronousEventAndOfABatch() {
        kit.engine()
                .subscribeAsync(
                        spec().build(), event -> CompletableFuture.completedFuture(Outcome.reply("nobody asked")));
        kit.engine()
                .subscribeBatch(
                        spec().options(fast().group("other").batchSize(2).build())
                                .build(),
                        batch -> batch.drop(1));

        kit.send("a").send("b");

        received(3);
        assertThat(log.counts())
                .containsEntry("mecha.binding.receive orders billing reply fake", 2)
                .containsEntry("mecha.binding.receive orders other mixed fake", 1);
        assertThat(log.spans().get("mixed"))
                .containsEntry("messaging.batch.message_count", "2")
                .doesNotContainKey("messaging.message.id");
    }

    @Test
    void tellsWhatBecameOfASend() {
        FakeBackend backend = new FakeBackend();
        try (Node node = Node.on(backend).observations(log.registry()).build()) {
            String id = node.sender(String.class).send("a").id();

            assertThat(log.counts()).containsOnlyKeys("mecha.binding.send orders sent fake");
            assertThat(log.spans().get("sent"))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "name", "send orders",
                            "messaging.system", "fake",
                            "messaging.destination.name", "orders",
                            "messaging.operation.name", "send",
                            "messaging.operation.type", "send",
                            "messaging.message.id", id));
        }
    }
}
