// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import static io.mecha.test.Eventually.eventually;
import static io.mecha.test.Eventually.letPass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is special about the broker in this JVM. */
@SuppressWarnings("FutureReturnValueIgnored") // whether it was sent shows in what arrives
class MemoryBrokerTests {

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final MemoryBroker broker = new MemoryBroker(clock);
    private final List<Delivery> received = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void letsSendersWaitWhileAGroupIsFull() {
        BindingBackend backend = backend(new MemoryBindingOptions(2, false));
        groups(backend).declare("group", Ordering.NONE);
        send(backend, message());
        send(backend, message());

        CompletableFuture<Receipt> third = send(backend, message());
        CompletableFuture<Receipt> fourth = send(backend, message());

        assertThat(third).isNotDone();
        receive(backend, "group");
        eventually(DEADLINE, () -> assertThat(received).hasSize(4));
        received.get(0).acknowledge();
        assertThat(third).isDone();
        assertThat(fourth).isNotDone();
        received.get(1).acknowledge();
        assertThat(fourth).isDone();
        assertThat(send(backend, message())).isNotDone();
    }

    @Test
    void letsOthersHaveThePlaceOfWhatWasPutAside() {
        BindingBackend backend = backend(MemoryBindingOptions.defaults());
        groups(backend).declare("group", Ordering.KEY);
        backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(
                        new ConsumerRequest("group", Ordering.KEY, StartAt.EARLIEST, 1, 1, false, false),
                        received::addAll);
        for (int count = 1; count <= 3; count++) {
            send(backend, message());
            int soFar = count;
            eventually(DEADLINE, () -> assertThat(received).hasSize(soFar));
            received.get(count - 1).park();
        }
        received.get(0).acknowledge();
        received.get(1).release();
        eventually(DEADLINE, () -> assertThat(received.size()).isGreaterThan(3));
        send(backend, message());

        letPass(Duration.ofMillis(50));
        assertThat(received).filteredOn(Delivery::current).hasSize(2);
    }

    @Test
    void letsSendersWaitWhileNobodyReceives() {
        BindingBackend backend = backend(new MemoryBindingOptions(1, false));
        send(backend, message());
        CompletableFuture<Receipt> second = send(backend, message());
        assertThat(second).isNotDone();

        receive(backend, "group");
        eventually(DEADLINE, () -> assertThat(received).hasSize(2));
        received.forEach(Delivery::acknowledge);

        assertThat(second).isDone();
    }

    @Test
    void refusesTooManyDelayedMessages() {
        BindingBackend backend = backend(new MemoryBindingOptions(1, false));
        send(backend, message(Duration.ofHours(1)));

        assertThat(send(backend, message(Duration.ofHours(1))))
                .failsWithin(DEADLINE)
                .withThrowableThat()
                .withCauseInstanceOf(SendException.class)
                .withMessageContaining("1 delayed messages wait already");

        clock.advance(Duration.ofHours(1));
        receive(backend, "group");
        eventually(DEADLINE, () -> assertThat(received).hasSize(1));
        assertThat(send(backend, message(Duration.ofHours(1)))).isCompleted();
    }

    @Test
    void handsOverTheInstanceThatWasSent() {
        BindingBackend backend = backend(MemoryBindingOptions.defaults());
        Message message = message();
        receive(backend, "group");

        send(backend, message);

        eventually(DEADLINE, () -> assertThat(received).hasSize(1));
        assertThat(received.get(0).message()).isSameAs(message);
    }

    @Test
    void handsOverOnTheThreadOfTheSenderWhenSynchronous() {
        BindingBackend backend = backend(new MemoryBindingOptions(null, true));
        AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
        inbound(backend).receive(ConsumerRequest.of("group", 1), deliveries -> {
            thread.set(Thread.currentThread());
            deliveries.forEach(Delivery::acknowledge);
        });

        send(backend, message());

        assertThat(thread).hasValue(Thread.currentThread());
        assertThat(groups(backend).lag("group")).hasValue(0);
    }

    @Test
    void closesAConsumerFromWithinItsReceiver() {
        for (boolean synchronous : new boolean[] {true, false}) {
            BindingBackend backend = backend(new MemoryBindingOptions(null, synchronous));
            CompletableFuture<MessageConsumer> consumer = new CompletableFuture<>();
            CompletableFuture<Boolean> closed = new CompletableFuture<>();
            consumer.complete(inbound(backend).receive(ConsumerRequest.of("group" + synchronous, 1), deliveries -> {
                consumer.join().close();
                closed.complete(true);
            }));

            send(backend, message());

            assertThat(closed).succeedsWithin(DEADLINE);
        }
    }

    @Test
    void keepsOtherMessagesComingWhenAReceiverThrows() {
        BindingBackend backend = backend(MemoryBindingOptions.defaults());
        inbound(backend)
                .receive(
                        new ConsumerRequest("group", Ordering.NONE, StartAt.EARLIEST, 10, 1, false, false),
                        deliveries -> {
                            received.addAll(deliveries);
                            throw new IllegalStateException("a bug of the engine");
                        });

        send(backend, message());
        send(backend, message());

        eventually(DEADLINE, () -> assertThat(received).hasSize(2));
    }

    @Test
    void confirmsWhatAnEndedGroupWillNeverHandle() {
        BindingBackend backend = backend(MemoryBindingOptions.defaults());
        MessageConsumer passing = inbound(backend)
                .receive(
                        new ConsumerRequest("passing", Ordering.NONE, StartAt.LATEST, 1, 1, true, true),
                        received::addAll);
        CompletableFuture<Void> handled = backend.capabilities()
                .find(HandledConfirmation.class)
                .orElseThrow()
                .sendAndAwait(message())
                .toCompletableFuture();
        assertThat(handled).isNotDone();

        passing.close();

        assertThat(handled).succeedsWithin(DEADLINE);
    }

    @Test
    void sharesMessagesAmongMembersThatHaveRoom() {
        BindingBackend backend = backend(MemoryBindingOptions.defaults());
        groups(backend).declare("group", Ordering.NONE);
        for (int i = 0; i < 20; i++) {
            send(backend, message());
        }
        List<Delivery> one = new CopyOnWriteArrayList<>();
        List<Delivery> other = new CopyOnWriteArrayList<>();

        inbound(backend).receive(ConsumerRequest.of("group", 10), one::addAll);
        inbound(backend).receive(ConsumerRequest.of("group", 100), other::addAll);

        eventually(DEADLINE, () -> assertThat(one.size() + other.size()).isEqualTo(20));
        assertThat(one).hasSize(10);
    }

    @Test
    void refusesEverythingAfterItWasClosed() {
        BindingBackend backend = backend(MemoryBindingOptions.defaults());
        receive(backend, "group");
        send(backend, message());
        eventually(DEADLINE, () -> assertThat(received).hasSize(1));

        broker.close();
        broker.close();

        received.get(0).acknowledge();
        assertThat(send(backend, message())).isCompletedExceptionally();
        assertThatThrownBy(backend::ping).hasMessageContaining("MECHA-B308");
        letPass(Duration.ofMillis(20));
        assertThat(received).hasSize(1);
    }

    @Test
    void refusesACapacityOfNothing() {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> new MemoryBindingBackendFactory(broker)
                        .create(new TestSettings("orders", new MemoryBindingOptions(0, false), clock)))
                .withMessageContaining("MECHA-B150")
                .withMessageContaining("mecha.bindings.channels.orders.memory.capacity");
    }

    @Test
    void carriesMessagesBetweenChannelsOfOneDestination() {
        MemoryBindingBackendFactory factory = new MemoryBindingBackendFactory(broker);
        BindingBackend in = factory.create(new TestSettings("orders", MemoryBindingOptions.defaults(), clock));
        BindingBackend out = factory.create(new TestSettings("orders", MemoryBindingOptions.defaults(), clock));
        receive(in, "group");

        send(out, message());

        eventually(DEADLINE, () -> assertThat(received).hasSize(1));
        assertThat(factory.type()).isEqualTo("memory");
    }

    private BindingBackend backend(MemoryBindingOptions options) {
        return broker.connect("orders", "orders", options);
    }

    private void receive(BindingBackend backend, String group) {
        inbound(backend).receive(ConsumerRequest.of(group, 100), received::addAll);
    }

    private static CompletableFuture<Receipt> send(BindingBackend backend, Message message) {
        return backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send("id", message)
                .toCompletableFuture();
    }

    private static Inbound inbound(BindingBackend backend) {
        return backend.capabilities().find(Inbound.class).orElseThrow();
    }

    private static Groups groups(BindingBackend backend) {
        return backend.capabilities().find(Groups.class).orElseThrow();
    }

    private static Message message() {
        return Message.received(null, null, Map.of(), Map.of(), null);
    }

    private static Message message(Duration delay) {
        return new Delayed(delay);
    }

    private record Delayed(Duration delay) implements Message {

        @Override
        public @Nullable String key() {
            return null;
        }

        @Override
        public @Nullable String contentType() {
            return null;
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of();
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public byte @Nullable [] body() {
            return null;
        }

        @Override
        public @Nullable Duration timeToLive() {
            return null;
        }

        @Override
        public @Nullable Object original() {
            return null;
        }
    }
}
