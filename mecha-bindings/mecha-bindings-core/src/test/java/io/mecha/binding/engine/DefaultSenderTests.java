// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.SendOption.attribute;
import static io.mecha.binding.SendOption.delay;
import static io.mecha.binding.SendOption.header;
import static io.mecha.binding.SendOption.key;
import static io.mecha.binding.SendOption.subject;
import static io.mecha.binding.SendOption.timeToLive;
import static io.mecha.binding.SendOption.type;
import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mecha.InvalidConfigurationException;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Overflow;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Message;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.SenderContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DefaultSenderTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final FakeBackend backend = new FakeBackend();

    record Customer(String id, long number) {}

    record Order(String id, Customer customer) {}

    interface Shape {}

    record Circle(int radius) implements Shape {}

    private static Order order(String id) {
        return new Order(id, new Customer("c-" + id, 7));
    }

    private Message only() {
        assertThat(backend.messages()).hasSize(1);
        return backend.messages().get(0);
    }

    @Test
    void fillsInWhatEveryEventHas() {
        try (Node node = Node.on(backend).build()) {
            Receipt receipt = node.sender(Order.class).send(order("1"));

            Map<String, String> attributes = only().attributes();
            assertThat(receipt).isEqualTo(new Receipt(attributes.get("id"), "there"));
            assertThat(attributes)
                    .containsEntry("specversion", "1.0")
                    .containsEntry("source", "/shop")
                    .containsEntry("type", Order.class.getCanonicalName())
                    .containsEntry("time", node.clock.instant().toString())
                    .hasSize(5);
            assertThat(only().contentType()).isEqualTo("application/json");
            assertThat(only().body())
                    .isEqualTo("{\"id\":\"1\",\"customer\":{\"id\":\"c-1\",\"number\":7}}"
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(node.statistics().sent().sum()).isEqualTo(1);
        }
    }

    @Test
    void sendsTextAndBytesAsTheyAreWhateverTheTypeOfTheSender() {
        try (Node node = Node.on(backend).build()) {
            node.sender(Object.class).send("plain");
            node.sender(Object.class).send(new byte[] {1, 2});
        }

        assertThat(backend.messages())
                .extracting(Message::contentType)
                .containsExactly("text/plain", "application/octet-stream");
        assertThat(backend.messages())
                .extracting(Message::body)
                .containsExactly("plain".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2});
        assertThat(backend.messages())
                .extracting(message -> message.attributes().get("type"))
                .containsExactly("java.lang.String", "byte[]");
    }

    @Test
    void namesTheTypeOfTheInstanceUnlessTheChannelSaysOne() {
        try (Node node = Node.on(backend).build();
                Node named = Node.on(backend).type("shape").build()) {
            node.sender(Shape.class).send(new Circle(1));
            node.sender(Object.class).send(new Circle(1));
            named.sender(Shape.class).send(new Circle(1));
        }

        assertThat(backend.messages())
                .extracting(message -> message.attributes().get("type"))
                .containsExactly(Circle.class.getCanonicalName(), Circle.class.getCanonicalName(), "shape");
    }

    @Test
    void addsOptions() {
        try (Node node =
                Node.on(backend.with(Delay.class, () -> Duration.ofDays(1))).build()) {
            node.sender(Order.class)
                    .with(key("k"), subject("s"), type("t"), attribute("tenant", "a"), header("X-H", "v"))
                    .with(key("k2"), delay(Duration.ofMinutes(1)), timeToLive(Duration.ofHours(1)))
                    .send(order("1"));

            assertThat(only().key()).isEqualTo("k2");
            assertThat(only().delay()).isEqualTo(Duration.ofMinutes(1));
            assertThat(only().timeToLive()).isEqualTo(Duration.ofHours(1));
            assertThat(only().headers()).isEqualTo(Map.of("x-h", "v"));
            assertThat(only().attributes())
                    .containsEntry("partitionkey", "k2")
                    .containsEntry("subject", "s")
                    .containsEntry("type", "t")
                    .containsEntry("tenant", "a")
                    .containsEntry(
                            "expirytime",
                            node.clock.instant().plus(Duration.ofMinutes(61)).toString());
        }
    }

    @Test
    void letsTheEventSayMoreThanTheSender() {
        Instant expiry = Instant.parse("2026-01-01T00:00:05Z");
        Event<Order> event = Event.<Order>builder()
                .id("own")
                .source("/own")
                .type("own.type")
                .subject("own")
                .time(Instant.EPOCH)
                .key("own-key")
                .extension("expirytime", expiry)
                .data(order("1"))
                .build();
        try (Node node =
                Node.on(backend).timeToLive(Duration.ofHours(1)).key("/id").build()) {
            Receipt receipt =
                    node.sender(Order.class).with(subject("s"), key("k")).send(event);

            assertThat(receipt.id()).isEqualTo("own");
            assertThat(only().key()).isEqualTo("own-key");
            assertThat(only().timeToLive()).isEqualTo(Duration.ofSeconds(5));
            assertThat(only().attributes())
                    .containsEntry("source", "/own")
                    .containsEntry("type", "own.type")
                    .containsEntry("subject", "own")
                    .containsEntry("time", "1970-01-01T00:00:00Z")
                    .containsEntry("expirytime", expiry.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/id, 1",
        "/customer/id, c-1",
        "/customer/number, 7",
        "/customer/unknown,",
        "/customer,",
        "subject, s-1",
        "tenant, a",
        "type, t",
        "unknown,"
    })
    void takesTheKeyFromWhereTheChannelSays(String source, String expected) {
        Map<String, Object> map = Map.of("id", "1", "customer", Map.of("id", "c-1", "number", 7));
        try (Node node = Node.on(backend).key(source).build()) {
            SendOption[] options = {subject("s-1"), type("t"), attribute("tenant", "a")};
            node.sender(Order.class).with(options).send(order("1"));
            node.sender(Object.class).with(options).send(map);
        }

        assertThat(backend.messages()).extracting(Message::key).containsExactly(expected, expected);
    }

    static List<SendOption> unusable() {
        return List.of(
                key(""),
                key("x".repeat(513)),
                delay(Duration.ZERO),
                delay(Duration.ofDays(2)),
                timeToLive(Duration.ofNanos(1)),
                timeToLive(Duration.ofDays(100_000)),
                attribute("Not-A-Name", "x"),
                attribute("data", "x"),
                attribute("id", ""),
                attribute("source", "not a uri"),
                attribute("source", "/grüße"),
                attribute("dataschema", "/relative"),
                attribute("time", "now"),
                key("a\tb"),
                key("a\uD800"),
                attribute("subject", "a\nb"),
                attribute("type", "\uDC00"),
                attribute("id", "a\u007F"),
                attribute("x", "\uFFFE"),
                header("a", "\uD83D"),
                attribute("x", 1.5),
                attribute("x", "y".repeat(AttributeText.MAXIMUM_LENGTH + 1)),
                header("", "x"),
                header("a b", "x"),
                header("a", "x\r\nevil: y"),
                header("ce-id", "x"),
                header("CE_type", "x"),
                header("cloudEvents:id", "x"),
                header("cloudevents_id", "x"),
                header("Content-Type", "x"),
                header("mecha-mark", "x"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesOptionsThatCannotBeUsed(SendOption option) {
        try (Node node =
                Node.on(backend.with(Delay.class, () -> Duration.ofDays(1))).build()) {
            Sender<Order> sender = node.sender(Order.class);

            assertThatThrownBy(() -> sender.with(option))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("MECHA-B201")
                    .hasMessageContaining("orders");
        }
    }

    @Test
    void refusesADelayThatNothingCanGive() {
        try (Node node = Node.on(backend).build()) {
            assertThatThrownBy(() -> node.sender(Order.class).with(delay(Duration.ofSeconds(1))))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("mecha.bindings.channels.orders.out.delay-store");
        }
    }

    @Test
    void refusesEventsThatCannotBeSent() {
        try (Node node = Node.on(backend.maximum(100)).build();
                Node json = Node.on(backend)
                        .mediaType("application/json")
                        .encoding(Encoding.STRUCTURED)
                        .build()) {
            Sender<String> text = node.sender(String.class);

            assertThatThrownBy(() -> text.send("x".repeat(101)))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("MECHA-B204");
            assertThatThrownBy(() -> text.send("\uD800")).isInstanceOf(InvalidEventException.class);
            assertThatThrownBy(() -> json.sender(String.class).send("no json\"}"))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("not");
            assertThat(text.sendAsync("\uD800").toCompletableFuture()).isCompletedExceptionally();
        }
        assertThat(backend.messages()).isEmpty();
    }

    @Test
    void refusesToBeMadeWhereNothingCanBeSent() {
        try (Node node = Node.on(new FakeBackend().onlyReceives()).build()) {
            assertThatThrownBy(() -> node.sender(Order.class))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("MECHA-B141");
        }
        try (Node node = Node.on(backend).mediaType("application/x-unknown").build()) {
            assertThatThrownBy(() -> node.sender(Order.class))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("MECHA-B142");
        }
    }

    @Test
    void tellsThatASendWasNotConfirmedInTime() {
        backend.answer = (id, message) -> new CompletableFuture<>();
        try (Node node = Node.on(backend).timeout(Duration.ofMillis(50)).build()) {
            Sender<Order> sender = node.sender(Order.class);

            SendException late = (SendException) catchThrowable(() -> sender.send(order("1")));
            CompletionStage<Receipt> async = sender.sendAsync(order("2"));
            node.clock.advance(Duration.ofSeconds(1));

            assertThat(late).hasMessageContaining("MECHA-B302");
            assertThat(late.mayHaveHappened()).isTrue();
            eventually(SOON, () -> assertThat(async.toCompletableFuture()).isCompletedExceptionally());
        }
    }

    @Test
    void handsOnWhatTheBackendReports() {
        SendException refused = SendException.refused("orders", "fake", "full", null);
        try (Node node = Node.on(backend).build()) {
            Sender<Order> sender = node.sender(Order.class);

            backend.answer = (id, message) -> CompletableFuture.failedFuture(refused);
            assertThatThrownBy(() -> sender.send(order("1"))).isSameAs(refused);
            backend.answer = (id, message) -> CompletableFuture.failedFuture(new IllegalStateException("surprise"));
            assertThatThrownBy(() -> sender.send(order("2")))
                    .isInstanceOf(SendException.class)
                    .hasMessageContaining("MECHA-B302");
            assertThat(node.statistics().sent().sum()).isZero();
        }
    }

    @Test
    void failsAtOnceWhereTooManyWait() {
        CompletableFuture<Receipt> slow = new CompletableFuture<>();
        backend.answer = (id, message) -> slow;
        try (Node node = Node.on(backend).overflow(Overflow.FAIL, 2).build()) {
            Sender<Order> sender = node.sender(Order.class);
            CompletionStage<Receipt> first = sender.sendAsync(order("1"));
            sender.sendAsync(order("2"));

            CompletionStage<Receipt> third = sender.sendAsync(order("3"));

            assertThat(catchThrowable(() -> third.toCompletableFuture().join()).getCause())
                    .hasMessageContaining("MECHA-B305");
            assertThat(backend.messages()).hasSize(2);
            slow.complete(new Receipt("1", null));
            assertThat(first.toCompletableFuture()).isCompleted();
            assertThat(sender.sendAsync(order("4")).toCompletableFuture()).isCompleted();
        }
    }

    @Test
    void waitsForRoomWhereTooManyWait() throws Exception {
        CompletableFuture<Receipt> slow = new CompletableFuture<>();
        backend.answer = (id, message) -> slow;
        try (Node node = Node.on(backend).overflow(Overflow.BLOCK, 1).build()) {
            Sender<Order> sender = node.sender(Order.class);
            sender.sendAsync(order("1"));

            CompletableFuture<CompletionStage<Receipt>> blocked =
                    CompletableFuture.supplyAsync(() -> sender.sendAsync(order("2")));
            assertThat(backend.messages()).hasSize(1);
            slow.complete(new Receipt("1", null));

            assertThat(blocked.get(60, TimeUnit.SECONDS).toCompletableFuture()).isCompleted();
        }
    }

    @Test
    void waitsForRoomNoLongerThanASendMayTake() {
        backend.answer = (id, message) -> new CompletableFuture<>();
        try (Node node = Node.on(backend)
                .overflow(Overflow.BLOCK, 1)
                .timeout(Duration.ofMillis(50))
                .build()) {
            Sender<Order> sender = node.sender(Order.class);
            sender.sendAsync(order("1"));

            assertThatThrownBy(() -> sender.send(order("2")))
                    .isInstanceOf(SendException.class)
                    .hasMessageContaining("MECHA-B305");
        }
    }

    @Test
    void failsAfterItWasClosed() {
        Node node = Node.on(backend).build();
        Sender<Order> sender = node.sender(Order.class);
        node.close();

        assertThatThrownBy(() -> sender.send(order("1")))
                .isInstanceOf(SendException.class)
                .hasMessageContaining("MECHA-B306");
    }

    @Test
    void tellsWhichOfSeveralWereSent() {
        backend.answer = (id, message) -> new String(message.body(), StandardCharsets.UTF_8).equals("b")
                ? CompletableFuture.failedFuture(SendException.unreachable("orders", "fake", null))
                : FakeBackend.taken(id, message);
        try (Node node = Node.on(backend).build()) {
            SendException partly = (SendException)
                    catchThrowable(() -> node.sender(String.class).sendAll(List.of("a", "b", "c")));

            assertThat(partly).hasMessageContaining("MECHA-B307");
            assertThat(partly.sent()).extracting(Receipt::id).isEqualTo(backend.ids());
            assertThat(node.sender(String.class).sendAll(List.of())).isEmpty();
        }
    }

    @Test
    void sendsAListAsOneMessageOrAsFewAsFit() {
        List<Order> orders =
                IntStream.range(0, 10).mapToObj(index -> order("" + index)).toList();
        try (Node node = Node.on(backend.maximum(1000)).encoding(Encoding.BATCH).build()) {
            List<Receipt> receipts = node.sender(Order.class).sendAll(orders);

            List<IncomingEvent> events = backend.messages().stream()
                    .flatMap(message -> node.channel.sending().format().read(message).stream())
                    .toList();
            assertThat(backend.messages()).hasSizeBetween(2, 8);
            assertThat(receipts).hasSize(10);
            assertThat(events)
                    .extracting(IncomingEvent::id)
                    .isEqualTo(receipts.stream().map(Receipt::id).toList());
        }
    }

    @Test
    void observesSendsAndWritesTheTrace() {
        ObservationRegistry registry = ObservationRegistry.create();
        List<String> seen = new CopyOnWriteArrayList<>();
        registry.observationConfig().observationHandler(new Tracer(seen));
        try (Node node = Node.on(backend).observations(registry).build()) {
            node.sender(Order.class).send(order("1"));
            node.sender(Order.class).sendAll(List.of(order("2"), order("3")));
            backend.answer =
                    (id, message) -> CompletableFuture.failedFuture(SendException.unreachable("orders", "fake", null));
            assertThatThrownBy(() -> node.sender(Order.class).send(order("4"))).isInstanceOf(SendException.class);
        }

        assertThat(backend.messages())
                .hasSize(3)
                .allSatisfy(message -> assertThat(message.attributes()).containsEntry("traceparent", "00-trace"));
        assertThat(only(backend.messages()).headers()).containsEntry("x-b3", "1");
        assertThat(seen)
                .containsExactly(
                        "mecha.binding.send channel=orders outcome=sent type=fake",
                        "mecha.binding.send channel=orders outcome=sent type=fake",
                        "mecha.binding.send channel=orders outcome=error type=fake");
    }

    private static Message only(List<Message> messages) {
        return messages.get(0);
    }

    /** Writes a trace as a tracer would, and remembers what it saw. */
    private record Tracer(List<String> seen) implements ObservationHandler<SenderContext<Object>> {

        @Override
        public void onStart(SenderContext<Object> context) {
            context.getSetter().set(context.getCarrier(), "traceparent", "00-trace");
            context.getSetter().set(context.getCarrier(), "X-B3", "1");
        }

        @Override
        public void onStop(SenderContext<Object> context) {
            StringBuilder line = new StringBuilder(context.getName());
            context.getLowCardinalityKeyValues()
                    .forEach(value ->
                            line.append(' ').append(value.getKey()).append('=').append(value.getValue()));
            seen.add(line.toString());
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof SenderContext;
        }
    }
}
