// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.test.Eventually.eventually;
import static io.mecha.test.Eventually.letPass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.Capabilities;
import io.mecha.InvalidConfigurationException;
import io.mecha.PageRequest;
import io.mecha.binding.Event;
import io.mecha.binding.SendException;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Message;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.TestClock;
import io.mecha.test.state.ForwardingBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DelayQueueTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final FakeBackend backend = new FakeBackend();
    private final FaultyStore faults = new FaultyStore(new MemoryStateBackend(clock));
    private final KeyValueStore<byte[]> store = StateStoreComponent.builder(
                    "delays", "memory", faults, JacksonCodecs.standard())
            .build()
            .store(byte[].class);

    private Node node(String name) {
        Node node = Node.on(backend)
                .clock(clock)
                .node(name)
                .delayStore(store)
                .leases(faults.capabilities().find(Leases.class).orElseThrow())
                .build();
        node.channel.sending().start();
        return node;
    }

    private static Sender<String> later(Node node) {
        return node.sender(String.class).with(SendOption.delay(MINUTE));
    }

    private int kept() {
        return store.keys("", PageRequest.first(1000)).items().size();
    }

    @Test
    void sendsWhatIsDueAndNothingElse() {
        try (Node node = node("one")) {
            Event<String> event = Event.<String>builder()
                    .key("k")
                    .extension("tenant", "ä")
                    .header("h", "ü")
                    .data("x")
                    .build();
            String delayed =
                    later(node).with(SendOption.timeToLive(MINUTE)).send(event).id();
            String now = node.sender(String.class).send("now").id();
            assertThat(backend.ids()).containsExactly(now);
            assertThat(kept()).isEqualTo(1);

            clock.advance(MINUTE.minusMillis(1));
            letPass(Duration.ofMillis(50));
            assertThat(backend.ids()).containsExactly(now);
            clock.advance(Duration.ofMillis(1));

            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(now, delayed));
            eventually(SOON, () -> assertThat(kept()).isZero());
            Message message = backend.messages().get(1);
            assertThat(message.key()).isEqualTo("k");
            assertThat(message.contentType()).isEqualTo("text/plain");
            assertThat(message.attributes()).containsEntry("tenant", "ä").containsEntry("partitionkey", "k");
            assertThat(message.headers()).isEqualTo(Map.of("h", "ü"));
            assertThat(message.body()).containsExactly('x');
            assertThat(message.timeToLive()).isEqualTo(MINUTE);
            assertThat(message.delay()).isNull();
        }
    }

    @Test
    void sendsInTimeWhenTheClockIsSetBack() {
        try (Node node = node("one")) {
            String id = later(node).send("x").id();

            clock.jump(Duration.ofHours(-1));
            clock.advance(MINUTE);

            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(id));
            eventually(SOON, () -> assertThat(kept()).isZero());
        }
    }

    @Test
    void sendsNothingEarlyWhenTheClockIsSetForward() {
        try (Node node = node("one")) {
            later(node).send("x");

            clock.jump(Duration.ofHours(1));
            letPass(Duration.ofMillis(50));
            assertThat(backend.ids()).isEmpty();
            clock.advance(MINUTE);

            eventually(SOON, () -> assertThat(backend.ids()).hasSize(1));
        }
    }

    @Test
    void triesAgainSoonWhenTheClockIsSetBackInBetween() {
        AtomicInteger attempts = new AtomicInteger();
        backend.answer = (id, message) -> attempts.incrementAndGet() == 1
                ? CompletableFuture.failedFuture(SendException.unreachable("orders", "fake", null))
                : FakeBackend.taken(id, message);
        try (Node node = node("one")) {
            String id = later(node).send("x").id();
            clock.advance(MINUTE);
            eventually(
                    SOON,
                    () -> assertThat(node.statistics().relayFailures().sum()).isPositive());

            clock.jump(Duration.ofHours(-1)); // its claim ends in more than an hour now
            for (int i = 0; i < 10; i++) {
                clock.advance(MINUTE.dividedBy(4));
                letPass(Duration.ofMillis(20));
            }

            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(id));
        }
    }

    @Test
    void sendsInTheOrderInWhichEventsAreDue() {
        try (Node node = node("one")) {
            List<String> ids = new ArrayList<>();
            IntStream.range(0, 20).forEach(index -> {
                ids.add(later(node).send("x").id());
                clock.advance(Duration.ofMillis(1));
            });

            clock.advance(MINUTE);

            eventually(SOON, () -> assertThat(backend.ids()).isEqualTo(ids));
        }
    }

    @Test
    void sendsOnceThoughSeveralNodesLook() {
        try (Node one = node("one");
                Node two = node("two");
                Node three = node("three")) {
            List<String> ids = new ArrayList<>();
            IntStream.range(0, 200)
                    .forEach(index ->
                            ids.add(later(index % 2 == 0 ? one : two).send("x").id()));
            clock.advance(Duration.ofSeconds(59));
            // The others list the store once a minute, and then know all of them, too.
            letPass(Duration.ofMillis(100));

            clock.advance(MINUTE);

            eventually(SOON, () -> assertThat(backend.ids()).containsExactlyInAnyOrderElementsOf(ids));
            eventually(SOON, () -> assertThat(kept()).isZero());
            assertThat(three.statistics().relayFailures().sum()).isZero();
        }
    }

    @Test
    void findsWhatANodeLeftThatIsGone() {
        String id;
        try (Node gone = node("gone")) {
            id = later(gone).send("x").id();
        }

        try (Node other = node("other")) {
            clock.advance(MINUTE);

            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(id));
            assertThat(other.statistics().relayed().sum()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void sendsAgainWithTheSameIdAfterACrashBeforeTheRemoval() {
        faults.refuse = mutation -> mutation instanceof Mutation.Remove;
        Node gone = node("gone");
        String id = later(gone).send("x").id();
        clock.advance(MINUTE);
        eventually(SOON, () -> assertThat(backend.ids()).containsExactly(id));
        eventually(SOON, () -> assertThat(faults.refused).hasValue(1));
        gone.close();
        faults.refuse = mutation -> false;

        try (Node other = node("other")) {
            eventually(SOON, () -> {
                clock.advance(Duration.ofSeconds(1));
                assertThat(backend.ids()).containsExactly(id, id);
            });
            eventually(SOON, () -> assertThat(kept()).isZero());
            assertThat(other.statistics().relayFailures().sum()).isZero();
        }
    }

    @Test
    void triesAgainWhileTheBackendOrTheStoreFails() {
        backend.answer =
                (id, message) -> CompletableFuture.failedFuture(SendException.unreachable("orders", "fake", null));
        try (Node node = node("one")) {
            String id = later(node).send("x").id();
            clock.advance(MINUTE);
            eventually(
                    SOON,
                    () -> assertThat(node.statistics().relayFailures().sum()).isEqualTo(1));
            faults.refuse = mutation -> true;
            clock.advance(Duration.ofSeconds(1));
            eventually(
                    SOON,
                    () -> assertThat(node.statistics().relayFailures().sum()).isGreaterThan(1));
            assertThatThrownBy(() -> later(node).send("y")).isInstanceOf(SendException.class);

            backend.answer = FakeBackend::taken;
            faults.refuse = mutation -> false;

            eventually(SOON, () -> {
                clock.advance(Duration.ofSeconds(1));
                assertThat(backend.ids()).containsExactly(id);
            });
            eventually(SOON, () -> assertThat(kept()).isZero());
        }
    }

    @Test
    void waitsForItsTurnThoughTheStoreIsListedMeanwhile() {
        backend.answer = (id, message) ->
                CompletableFuture.failedFuture(SendException.unacceptable("orders", "fake", "too large", null));
        try (Node node = node("one")) {
            later(node).send("x");
            clock.advance(MINUTE);
            eventually(
                    SOON,
                    () -> assertThat(node.statistics().relayFailures().sum()).isEqualTo(1));

            for (int scan = 0; scan < 3; scan++) {
                letPass(Duration.ofMillis(50));
                clock.advance(MINUTE);
            }
            letPass(Duration.ofMillis(50));

            assertThat(node.statistics().relayFailures().sum()).isEqualTo(1);
        }
    }

    @Test
    void leavesToTheBackendWhatItCanDelay() {
        FakeBackend able = backend.with(Delay.class, () -> MINUTE);
        try (Node node = Node.on(able).clock(clock).delayStore(store).build()) {
            later(node).send("x");
            node.sender(String.class)
                    .with(SendOption.delay(MINUTE.plusMillis(1)))
                    .sendAll(List.of("y", "z"));

            assertThat(backend.messages()).hasSize(1);
            assertThat(backend.messages().get(0).delay()).isEqualTo(MINUTE);
            assertThat(kept()).isEqualTo(2);
        }
    }

    @Test
    void refusesAStoreThatCannotListItsKeys() {
        faults.scans = false;
        KeyValueStore<byte[]> blind = StateStoreComponent.builder("blind", "fake", faults, JacksonCodecs.standard())
                .build()
                .store(byte[].class);
        try (Node node = Node.on(backend).clock(clock).delayStore(blind).build()) {
            assertThatThrownBy(() -> node.channel.sending().start())
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("MECHA-B144");
        }
    }

    /** A store that can be made to fail. */
    private static final class FaultyStore extends ForwardingBackend {

        private final AtomicInteger refused = new AtomicInteger();
        private volatile Predicate<Mutation> refuse = mutation -> false;
        private volatile boolean scans = true;

        FaultyStore(StateBackend delegate) {
            super(delegate);
        }

        @Override
        public WriteResult write(Mutation mutation) {
            if (refuse.test(mutation)) {
                refused.incrementAndGet();
                throw StateUnavailableException.closed("delays", "memory");
            }
            return super.write(mutation);
        }

        @Override
        public Capabilities capabilities() {
            return scans ? super.capabilities() : Capabilities.none();
        }
    }
}
