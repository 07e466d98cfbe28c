// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.binding.Event;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxRelayTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestClock clock = new TestClock();
    private final MemoryBroker broker = new MemoryBroker(clock);
    private final FakeBackend backend = new FakeBackend();

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    /** A queue that keeps what was not acknowledged, and hands it to one node at a time. */
    private BindingBackend outbox() {
        return broker.connect("outbox", "outbox", MemoryBindingOptions.defaults());
    }

    private Node node() {
        return Node.on(backend).clock(clock).outbox(outbox()).build();
    }

    private long kept() {
        return outbox().capabilities()
                .find(Groups.class)
                .orElseThrow()
                .lag("relay")
                .orElse(-1);
    }

    @Test
    void keepsEventsUntilTheBackendHasThem() {
        CompletableFuture<Receipt> confirmation = new CompletableFuture<>();
        backend.answer = (id, message) -> confirmation;
        try (Node node = node()) {
            String id = node.sender(String.class).send("a").id();
            assertThat(backend.messages()).isEmpty();

            node.channel.sending().start();
            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(id));
            assertThat(kept()).isEqualTo(1);
            confirmation.complete(new Receipt(id, null));

            eventually(SOON, () -> assertThat(kept()).isZero());
            assertThat(node.statistics().relayed().sum()).isEqualTo(1);
        }
    }

    @Test
    void countsWhatTheBackendDoesNotHaveYet() {
        CompletableFuture<Receipt> confirmation = new CompletableFuture<>();
        backend.answer = (id, message) -> confirmation;
        try (Node node = node()) {
            node.channel.sending().start();
            node.sender(String.class).send("a");

            eventually(SOON, () -> assertThat(node.channel.sending().backlog()).hasValue(1));
            confirmation.complete(new Receipt("a", null));

            eventually(SOON, () -> assertThat(node.channel.sending().backlog()).hasValue(0));
        }
        try (Node direct = Node.on(backend).build()) {
            assertThat(direct.channel.sending().backlog()).isEmpty();
        }
    }

    @Test
    void keepsTheOrderOfAKeyWhileOtherKeysGoOn() {
        Set<String> failed = ConcurrentHashMap.newKeySet();
        backend.answer = (id, message) -> "a".equals(message.key()) && failed.add(id)
                ? CompletableFuture.failedFuture(SendException.unreachable("orders", "fake", null))
                : FakeBackend.taken(id, message);
        try (Node node = node()) {
            Sender<String> a = node.sender(String.class).with(SendOption.key("a"));
            Sender<String> b = node.sender(String.class).with(SendOption.key("b"));
            List<String> expected = IntStream.range(0, 5)
                    .mapToObj(index -> {
                        b.send("b");
                        return a.send("a").id();
                    })
                    .toList();
            node.channel.sending().start();

            eventually(SOON, () -> assertThat(backend.messages()).hasSize(5));
            assertThat(backend.messages()).allMatch(message -> "b".equals(message.key()));
            eventually(SOON, () -> {
                clock.advance(Duration.ofSeconds(1));
                assertThat(backend.messages()).hasSize(10);
            });

            assertThat(backend.messages().stream()
                            .filter(message -> "a".equals(message.key()))
                            .map(message -> String.valueOf(message.attributes().get("id"))))
                    .isEqualTo(expected);
            assertThat(node.statistics().relayFailures().sum()).isEqualTo(5);
        }
    }

    @Test
    void putsAsideWhatTheBackendWillNeverTake() {
        backend.answer = (id, message) -> id.equals("bad")
                ? CompletableFuture.failedFuture(SendException.unacceptable("orders", "fake", "too large", null))
                : FakeBackend.taken(id, message);
        try (Node node = node()) {
            Sender<String> sender = node.sender(String.class).with(SendOption.key("a"));
            sender.send(Event.<String>builder().id("bad").data("bad").build());
            sender.send(Event.<String>builder().id("good").data("good").build());
            node.channel.sending().start();

            eventually(SOON, () -> assertThat(backend.ids()).contains("good"));
            eventually(SOON, () -> assertThat(node.statistics().parked().sum()).isEqualTo(1));
            eventually(SOON, () -> assertThat(kept()).isEqualTo(1));

            backend.answer = FakeBackend::taken;
            clock.advance(Duration.ofMinutes(10));

            eventually(SOON, () -> assertThat(kept()).isZero());
            eventually(SOON, () -> assertThat(node.statistics().parked().sum()).isZero());
        }
    }

    @Test
    void isStoppedByNoNumberOfEventsThatTheBackendWillNeverTake() {
        backend.answer = (id, message) -> id.startsWith("bad")
                ? CompletableFuture.failedFuture(SendException.unacceptable("orders", "fake", "too large", null))
                : FakeBackend.taken(id, message);
        try (Node node = node()) {
            Sender<String> sender = node.sender(String.class);
            IntStream.range(0, 1_100)
                    .forEach(index -> sender.send(Event.<String>builder()
                            .id("bad" + index)
                            .data("bad")
                            .build()));
            sender.send(Event.<String>builder().id("good").data("good").build());
            node.channel.sending().start();

            eventually(SOON, () -> assertThat(backend.ids()).contains("good"));
            eventually(SOON, () -> assertThat(node.statistics().parked().sum()).isEqualTo(1_100));
            assertThat(kept()).isEqualTo(1_100);
        }
    }

    @Test
    void givesAnotherNodeWhatWasNotConfirmed() {
        backend.answer = (id, message) -> new CompletableFuture<>();
        Node gone = node();
        String id = gone.sender(String.class).send("a").id();
        gone.channel.sending().start();
        eventually(SOON, () -> assertThat(backend.ids()).containsExactly(id));
        gone.close();

        backend.answer = FakeBackend::taken;
        try (Node other = node()) {
            other.channel.sending().start();

            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(id, id));
            eventually(SOON, () -> assertThat(kept()).isZero());
        }
    }

    @Test
    void waitsUntilEventsWereHandledWhereTheBackendForgets() {
        CompletableFuture<Void> handled = new CompletableFuture<>();
        FakeBackend forgetful = backend.with(HandledConfirmation.class, message -> handled);
        try (Node node = Node.on(forgetful).clock(clock).outbox(outbox()).build()) {
            node.sender(String.class).send("a");
            node.channel.sending().start();
            eventually(SOON, () -> assertThat(kept()).isEqualTo(1));

            handled.complete(null);

            eventually(SOON, () -> assertThat(kept()).isZero());
            assertThat(backend.messages()).isEmpty();
        }
    }

    @Test
    void delaysInTheOutboxAndDropsWhatIsTooOld() {
        try (Node node = node()) {
            Sender<String> sender = node.sender(String.class);
            String delayed = sender.with(
                            SendOption.delay(Duration.ofMinutes(1)), SendOption.timeToLive(Duration.ofHours(1)))
                    .send("a")
                    .id();
            node.channel.sending().start();
            String now = sender.send("c").id();
            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(now));

            clock.advance(Duration.ofMinutes(2));

            eventually(SOON, () -> assertThat(backend.ids()).containsExactly(now, delayed));
            assertThat(backend.messages().get(1).delay()).isNull();
            assertThat(backend.messages().get(1).timeToLive()).isEqualTo(Duration.ofMinutes(59));
        }
    }

    @Test
    void dropsWhatIsTooOld() {
        try (Node node = node()) {
            Event<String> old = Event.<String>builder()
                    .extension("expirytime", clock.instant().minusSeconds(1).toString())
                    .data("old")
                    .build();
            node.sender(String.class).send(old);
            node.channel.sending().start();

            eventually(SOON, () -> assertThat(node.statistics().expired().sum()).isEqualTo(1));
            assertThat(backend.messages()).isEmpty();
            eventually(SOON, () -> assertThat(kept()).isZero());
        }
    }

    @Test
    void refusesAnOutboxThatCannotKeepTheOrder() {
        assertThatThrownBy(() -> Node.on(backend).outbox(new FakeBackend()).build())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("MECHA-B143")
                .hasMessageContaining("KeyOrder");
    }
}
