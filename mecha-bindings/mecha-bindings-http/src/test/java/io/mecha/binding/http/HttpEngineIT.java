// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.MechaException;
import io.mecha.RetryPolicy;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.Filter;
import io.mecha.binding.Handler;
import io.mecha.binding.Outcome;
import io.mecha.binding.Receipt;
import io.mecha.binding.RequestTimeoutException;
import io.mecha.binding.SendException;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.test.Eventually;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

/** Two applications with engines, one of which posts to the other. */
class HttpEngineIT {

    private static final String URL = "/mecha/bindings/orders";

    @SuppressWarnings("NullAway.Init")
    private static WebServer server;

    private final List<BindingEngine> engines = new ArrayList<>();
    private final ObservationRegistry observations = ObservationRegistry.create();

    record Order(String sku, int quantity) {}

    @BeforeAll
    static void start() {
        server = new WebServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        engines.forEach(BindingEngine::close);
    }

    private BindingEngine engine(Encoding encoding, HttpBindingBackend backend) {
        ChannelOptions options = new ChannelOptions(
                "orders",
                "http",
                "orders",
                encoding,
                null,
                "/shop",
                false,
                SubscriptionOptions.none(),
                OutOptions.DEFAULT);
        BindingEngine engine = BindingEngine.builder()
                .application("billing")
                .node("node")
                .codecs(JacksonCodecs.standard())
                .observations(observations)
                .channels(List.of(new ChannelDefinition(options, backend)))
                .build();
        engine.start();
        engines.add(engine);
        return engine;
    }

    private BindingEngine receiver() {
        return engine(
                Encoding.BINARY,
                HttpBindingBackend.builder("orders")
                        .endpoints(server.endpoints())
                        .build());
    }

    private Sender<Order> sender(Encoding encoding, int retries) {
        HttpBindingBackend backend = HttpBindingBackend.builder("orders")
                .destination(
                        URI.create(server.url(URL)),
                        ClientHttpRequestFactoryBuilder.jdk().build())
                .retries(retries)
                .backoffDelay(Duration.ofMillis(50))
                .build();
        return engine(encoding, backend).sender("orders", Order.class);
    }

    private static SubscriptionSpec.Builder<Order> spec() {
        return SubscriptionSpec.of("orders", Order.class)
                .options(SubscriptionOptions.builder()
                        .concurrency(16)
                        .retry(RetryPolicy.attempts(1))
                        .build());
    }

    private static Subscription subscribe(BindingEngine engine, Handler<Order> handler) {
        return engine.subscribe(spec().build(), handler);
    }

    private static HttpResponse<String> post(String contentType, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url(URL)))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BINARY", "STRUCTURED"})
    void carriesEventsFromOneApplicationToAnother(Encoding encoding) {
        Queue<Event<Order>> received = new ConcurrentLinkedQueue<>();
        subscribe(receiver(), event -> {
            received.add(event);
            return Outcome.ack();
        });

        Receipt receipt = sender(encoding, 0)
                .with(SendOption.key("customer 7"))
                .send(Event.<Order>builder()
                        .data(new Order("Größe €", 2))
                        .type("order.placed")
                        .subject("Über 🚚")
                        .extension("tenant", "nörd")
                        .build());

        assertThat(received).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo(receipt.id());
            assertThat(event.data()).isEqualTo(new Order("Größe €", 2));
            assertThat(event.type()).isEqualTo("order.placed");
            assertThat(event.subject()).contains("Über 🚚");
            assertThat(event.extensions()).containsEntry("tenant", "nörd");
            assertThat(event.key()).contains("customer 7");
        });
    }

    @Test
    void asksFiltersBeforeHandlers() {
        AtomicInteger handled = new AtomicInteger();
        receiver()
                .subscribe(
                        spec().filter(Filter.sql("tenant = 'north' AND DATA('/quantity') > 1"))
                                .build(),
                        event -> {
                            handled.incrementAndGet();
                            return Outcome.ack();
                        });
        Sender<Order> sender = sender(Encoding.BINARY, 0);

        for (int quantity : List.of(1, 2, 3)) {
            sender.send(Event.<Order>builder()
                    .data(new Order("a", quantity))
                    .extension("tenant", "north")
                    .build());
            sender.send(new Order("a", quantity));
        }

        assertThat(handled).hasValue(2);
    }

    @Test
    void handlesEveryEventOfABatchBeforeItAnswers() {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        subscribe(receiver(), event -> {
            received.add(event.data().sku());
            return Outcome.ack();
        });
        String event = "{\"specversion\":\"1.0\",\"id\":\"%1$d\",\"source\":\"/x\",\"type\":\"t\","
                + "\"data\":{\"sku\":\"s%1$d\",\"quantity\":1}}";
        String events = IntStream.range(0, 20)
                .mapToObj(i -> event.formatted(i))
                .toList()
                .toString();

        HttpResponse<String> response = post("application/cloudevents-batch+json", events);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(received).hasSize(20);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/cloudevents+json       | {"specversion":"1.0"
            application/cloudevents+json       | {"specversion":"1.0","id":"1"}
            application/cloudevents+json       | []
            application/cloudevents-batch+json | {}
            application/cloudevents-batch+json | [{"specversion":"1.0","id":"1"}]
            application/json                   | {"sku":"a","quantity":1}
            application/cloudevents+json       | {"specversion":"1.0","id":"1","source":"/x","type":"t","data":{"sku":{}}}
            """)
    void refusesWhatIsNoEvent(String contentType, String body) {
        subscribe(receiver(), event -> Outcome.ack());

        assertThat(post(contentType, body).statusCode()).isEqualTo(400);
    }

    @Test
    void tellsTheSenderThatAnEventCouldNotBeHandled() {
        AtomicInteger attempts = new AtomicInteger();
        subscribe(receiver(), event -> {
            attempts.incrementAndGet();
            throw new IllegalStateException("broken");
        });

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> sender(Encoding.BINARY, 2).send(new Order("a", 1)))
                .satisfies(e -> assertThat(e.mayHaveHappened()).isTrue());
        assertThat(attempts).hasValue(3);
    }

    @Test
    void sendsAgainUntilTheReceiverIsBack() {
        AtomicInteger handled = new AtomicInteger();
        BindingEngine receiver = receiver();
        Subscription subscription = subscribe(receiver, event -> {
            handled.incrementAndGet();
            return Outcome.ack();
        });
        subscription.pause();
        Eventually.eventually(
                Duration.ofSeconds(20),
                () -> assertThat(post("application/cloudevents+json", "{}").statusCode())
                        .isEqualTo(503));

        CompletionStage<Receipt> receipt = sender(Encoding.BINARY, 10).sendAsync(new Order("a", 1));
        assertThat(receipt.toCompletableFuture()).isNotDone();
        subscription.resume();

        assertThat(receipt.toCompletableFuture().join()).isNotNull();
        assertThat(handled).hasValue(1);
    }

    @Test
    void answersRequestsOnTheSameConnection() {
        subscribe(
                receiver(),
                event ->
                        Outcome.reply(new Order(event.data().sku(), event.data().quantity() * 2)));
        Sender<Order> sender = sender(Encoding.BINARY, 0);

        List<Integer> replies = IntStream.range(0, 10)
                .mapToObj(i -> sender.request(new Order("a", i), Order.class, Duration.ofSeconds(10))
                        .quantity())
                .toList();

        assertThat(replies)
                .isEqualTo(IntStream.range(0, 10).map(i -> i * 2).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource({"1, reply", "0, error"})
    void observesRequestsAndRepliesToTheirEnd(int quantity, String outcome) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        subscribe(receiver(), event -> {
            if (event.data().quantity() == 0) {
                throw new IllegalStateException("refused");
            }
            return Outcome.reply(event.data());
        });
        Sender<Order> sender = sender(Encoding.BINARY, 0);

        try {
            sender.request(new Order("a", quantity), Order.class, Duration.ofSeconds(10));
        } catch (MechaException refused) {
            assertThat(outcome).isEqualTo("error");
        }

        Eventually.eventually(Duration.ofSeconds(10), () -> {
            assertThat(meters.get("mecha.binding.receive")
                            .tag("outcome", outcome)
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.get("mecha.binding.send").timer().count()).isEqualTo(1);
            assertThat(meters.get("mecha.binding.receive.active")
                            .longTaskTimer()
                            .activeTasks())
                    .isZero();
            assertThat(meters.get("mecha.binding.send.active").longTaskTimer().activeTasks())
                    .isZero();
        });
    }

    @Test
    void saysThatNobodyReplied() {
        subscribe(receiver(), event -> Outcome.ack());

        assertThatExceptionOfType(RequestTimeoutException.class)
                .isThrownBy(() ->
                        sender(Encoding.BINARY, 0).request(new Order("a", 1), Order.class, Duration.ofSeconds(10)));
    }

    @Test
    void finishesWhatItHandlesWhenItCloses() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Subscription subscription = subscribe(receiver(), event -> {
            begun.countDown();
            go.await();
            return Outcome.ack();
        });
        CompletionStage<Receipt> receipt = sender(Encoding.BINARY, 0).sendAsync(new Order("a", 1));
        begun.await();

        Thread closing = new Thread(subscription::close);
        closing.start();
        Eventually.eventually(
                Duration.ofSeconds(20),
                () -> assertThat(post("application/cloudevents+json", "{}").statusCode())
                        .isEqualTo(503));
        go.countDown();
        closing.join();

        assertThat(receipt.toCompletableFuture().join()).isNotNull();
    }

    @Test
    void carriesEventsOfManySendersAtOnce() {
        AtomicInteger handled = new AtomicInteger();
        subscribe(receiver(), event -> {
            handled.incrementAndGet();
            return Outcome.ack();
        });
        Sender<Order> sender = sender(Encoding.BINARY, 10);

        List<CompletionStage<Receipt>> receipts = IntStream.range(0, 640)
                .mapToObj(i -> sender.sendAsync(new Order("a", i)))
                .toList();
        receipts.forEach(receipt -> receipt.toCompletableFuture().join());

        assertThat(handled).hasValue(640);
    }

    @Test
    void callsOperationsOfAChannel() {
        subscribe(receiver(), event -> Outcome.reply(event.data()));
        BindingEngine client = engine(
                Encoding.BINARY,
                HttpBindingBackend.builder("orders")
                        .destination(
                                URI.create(server.url("/mecha")),
                                ClientHttpRequestFactoryBuilder.jdk().build())
                        .build());
        Map<String, String> metadata = Map.of(
                "path", "bindings/orders",
                "header.ce-specversion", "1.0",
                "header.ce-id", "1",
                "header.ce-source", "/x",
                "header.ce-type", "t");

        byte[] reply = client.channel("orders")
                .invoke("post", "{\"sku\":\"a\",\"quantity\":7}".getBytes(StandardCharsets.UTF_8), metadata);

        assertThat(new String(reply, StandardCharsets.UTF_8)).contains("\"quantity\":7");
    }
}
