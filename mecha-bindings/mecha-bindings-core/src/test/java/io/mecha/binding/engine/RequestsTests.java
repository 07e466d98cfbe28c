// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.Capabilities;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.RequestTimeoutException;
import io.mecha.binding.Sender;
import io.mecha.binding.event.CloudEventFormat;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.event.EventFormat;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.RequestReply;
import io.mecha.codec.GenericType;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.runtime.Ids;
import io.mecha.test.TestClock;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestsTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestClock clock = new TestClock();
    private final MemoryBroker broker = new MemoryBroker(clock);
    private final EventFormat format = new CloudEventFormat(
            Channels.options("orders", Encoding.BINARY, false).eventFormat(), new Ids(), clock, new LongAdder(), null);

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    private BindingBackend connect(String destination) {
        return broker.connect(destination, destination, MemoryBindingOptions.defaults());
    }

    private Node node(String name) {
        return Node.on(connect("orders"))
                .clock(clock)
                .node(name)
                .connect(this::connect)
                .build();
    }

    /** Answers requests as a handler with a result does. */
    private void answer(UnaryOperator<String> handler) {
        receive(delivery -> {
            IncomingEvent request = format.read(delivery.message()).get(0);
            String data = request.read(new CodecPayload<String>(String.class, JacksonCodecs.standard()), 1)
                    .data();
            reply(request, handler.apply(data));
            delivery.acknowledge();
        });
    }

    private void receive(Consumer<Delivery> handler) {
        connect("orders")
                .capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(ConsumerRequest.of("service", 10), deliveries -> deliveries.forEach(handler));
    }

    private void reply(IncomingEvent request, String data) {
        Event<String> reply = Event.<String>builder()
                .id("reply-" + request.id())
                .source("/service")
                .type("reply")
                .extension("correlationid", String.valueOf(request.text("correlationid")))
                .data(data)
                .build();
        Message message = format.write(reply, JacksonCodecs.standard().codec(String.class, null), null, null);
        connect(String.valueOf(request.text("replyto")))
                .capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send(reply.id(), message);
    }

    @Test
    void answersEachNodeAndEachRequestWithItsOwnReply() {
        answer(data -> data + "!");
        try (Node one = node("one");
                Node two = node("two")) {
            Sender<String> first = one.sender(String.class);
            Sender<String> second = two.sender(String.class);
            for (int index = 0; index < 20; index++) {
                assertThat(first.request("a" + index, String.class, SOON)).isEqualTo("a" + index + "!");
                assertThat(second.request("b" + index, String.class, SOON)).isEqualTo("b" + index + "!");
            }

            assertThat(one.statistics().lateReplies().sum()).isZero();
            assertThat(two.statistics().lateReplies().sum()).isZero();
        }
    }

    @Test
    void dropsAndCountsRepliesThatComeTooLate() {
        List<Delivery> requests = new CopyOnWriteArrayList<>();
        receive(requests::add);
        try (Node node = node("one")) {
            assertThatThrownBy(() -> node.sender(String.class).request("a", String.class, Duration.ofMillis(300)))
                    .isInstanceOf(RequestTimeoutException.class)
                    .hasMessageContaining("MECHA-B309");
            eventually(SOON, () -> assertThat(requests).hasSize(1));

            reply(format.read(requests.get(0).message()).get(0), "late");

            eventually(
                    SOON,
                    () -> assertThat(node.statistics().lateReplies().sum()).isEqualTo(1));
        }
    }

    @Test
    void refusesRequestsThatCannotBeAnswered() {
        try (Node node =
                Node.on(new FakeBackend()).connect(name -> new FakeBackend()).build()) {
            Sender<String> sender = node.sender(String.class);

            assertThatThrownBy(() -> sender.request("a", String.class, SOON))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("orders.replies");
            assertThatThrownBy(() -> sender.request("a", String.class, Duration.ZERO))
                    .isInstanceOf(InvalidEventException.class);
        }
    }

    @Test
    void takesTheReplyFromTheConnectionWhereTheBackendCan() {
        RequestReply connection = (id, message, timeout) -> CompletableFuture.completedFuture(Message.received(
                null, "application/json", Map.of(), Map.of(), "[1,2]".getBytes(StandardCharsets.UTF_8)));
        try (Node node =
                Node.on(new FakeBackend().with(RequestReply.class, connection)).build()) {
            List<Integer> reply = node.sender(String.class).request("a", new GenericType<List<Integer>>() {}, SOON);

            assertThat(reply).containsExactly(1, 2);
        }
    }

    @Test
    void readsAnEventFromTheConnectionAndTellsOfItsSilence() {
        Map<String, String> attributes = Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t");
        RequestReply event = (id, message, timeout) -> CompletableFuture.completedFuture(
                Message.received(null, "text/plain", attributes, Map.of(), "pong".getBytes(StandardCharsets.UTF_8)));
        RequestReply nothing = (id, message, timeout) ->
                CompletableFuture.completedFuture(Message.received(null, null, Map.of(), Map.of(), null));
        RequestReply silence = (id, message, timeout) -> CompletableFuture.failedFuture(new TimeoutException());

        try (Node node =
                Node.on(new FakeBackend().with(RequestReply.class, event)).build()) {
            assertThat(node.sender(String.class).request("ping", String.class, SOON))
                    .isEqualTo("pong");
        }
        try (Node node =
                Node.on(new FakeBackend().with(RequestReply.class, nothing)).build()) {
            assertThatThrownBy(() -> node.sender(String.class).request("ping", String.class, SOON))
                    .isInstanceOf(InvalidEventException.class);
        }
        try (Node node =
                Node.on(new FakeBackend().with(RequestReply.class, silence)).build()) {
            assertThatThrownBy(() -> node.sender(String.class).request("ping", String.class, SOON))
                    .isInstanceOf(RequestTimeoutException.class);
        }
    }

    @Test
    void sendsNothingOverAndOverFromAnInterruptedThread() {
        AtomicInteger sent = new AtomicInteger();
        try (Node node = Node.on(connect("orders"))
                .clock(clock)
                .connect(name -> counting(connect(name), sent))
                .build()) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> node.sender(String.class).request("?", String.class, SOON))
                    .isInstanceOf(RequestTimeoutException.class);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(sent).hasValueLessThanOrEqualTo(1);
        }
    }

    private static BindingBackend counting(BindingBackend backend, AtomicInteger sent) {
        Capabilities capabilities = backend.capabilities()
                .map(
                        Outbound.class,
                        real -> proxy(Outbound.class, (method, arguments) -> {
                            sent.incrementAndGet();
                            return method.invoke(real, arguments);
                        }));
        return proxy(
                BindingBackend.class,
                (method, arguments) ->
                        method.getName().equals("capabilities") ? capabilities : method.invoke(backend, arguments));
    }

    private static <P> P proxy(Class<P> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call.call(method, arguments)));
    }

    /** What a proxy does. */
    private interface Call {

        Object call(Method method, Object[] arguments) throws Throwable;
    }
}
