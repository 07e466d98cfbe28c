// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.binding.spi.Rejection;
import io.mecha.binding.spi.ReplyingDelivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What senders see, over a real connection to Tomcat. */
class HttpInboundIT {

    private static final String PATH = "/mecha/bindings/orders";

    @SuppressWarnings("NullAway.Init")
    private static WebServer server;

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = new WebServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private HttpBindingBackend backend(HttpBindingBackend.Builder builder) {
        HttpBindingBackend backend = builder.endpoints(server.endpoints()).build();
        opened.add(backend);
        return backend;
    }

    private HttpBindingBackend backend() {
        return backend(HttpBindingBackend.builder("orders"));
    }

    private MessageConsumer receive(HttpBindingBackend backend, String group, int room, Receiver receiver) {
        MessageConsumer consumer = backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(ConsumerRequest.of(group, room), receiver);
        opened.add(consumer);
        return consumer;
    }

    private MessageConsumer receive(HttpBindingBackend backend) {
        return receive(backend, "billing", 10, deliveries::addAll);
    }

    private static HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create(server.url(PATH))).timeout(Duration.ofSeconds(20));
    }

    private static HttpRequest.Builder event(String id) {
        return request()
                .header("ce-specversion", "1.0")
                .header("ce-id", id)
                .header("ce-source", "/shop")
                .header("ce-type", "order.placed")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("data"));
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private CompletableFuture<HttpResponse<String>> later(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Delivery take() {
        try {
            Delivery delivery = deliveries.poll(60, TimeUnit.SECONDS);
            assertThat(delivery).isNotNull();
            return delivery;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Message message) {
        byte[] body = message.body();
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }

    @Test
    void readsBinaryEvents() {
        receive(backend());
        CompletableFuture<HttpResponse<String>> response = later(event("1")
                .header("ce-subject", "Gr%C3%BC%C3%9Fe%20%E2%82%AC")
                .header("CE-PartitionKey", "customer-7")
                .header("X-Trace", "abc"));

        Delivery delivery = take();

        assertThat(delivery.message().attributes())
                .isEqualTo(Map.of(
                        "specversion", "1.0",
                        "id", "1",
                        "source", "/shop",
                        "type", "order.placed",
                        "subject", "Grüße €",
                        "partitionkey", "customer-7"));
        assertThat(delivery.message().key()).isEqualTo("customer-7");
        assertThat(delivery.message().contentType()).isEqualTo("text/plain");
        assertThat(delivery.message().headers()).containsEntry("x-trace", "abc").doesNotContainKey("host");
        assertThat(text(delivery.message())).isEqualTo("data");
        assertThat(delivery.current()).isTrue();
        delivery.acknowledge();
        assertThat(response.join().statusCode()).isEqualTo(202);
        assertThat(response.join().body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/cloudevents+json", "application/cloudevents-batch+json;charset=utf-8"})
    void handsOnWholeEventsAsTheyAre(String contentType) {
        receive(backend(), "billing", 1, received -> {
            assertThat(received.get(0).message().attributes()).isEmpty();
            assertThat(received.get(0).message().contentType()).isEqualTo(contentType);
            assertThat(text(received.get(0).message())).isEqualTo("[{}]");
            received.get(0).acknowledge();
        });

        HttpResponse<String> response = exchange(
                request().header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString("[{}]")));

        assertThat(response.statusCode()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({"UNREADABLE,400", "REFUSED,422", "FAILED,500"})
    void answersWithTheReasonOfARejection(Rejection rejection, int status) {
        receive(backend(), "billing", 1, received -> received.get(0).reject(rejection));

        assertThat(exchange(event("1")).statusCode()).isEqualTo(status);
    }

    @Test
    void asksTheSenderToTryAgainWhatWasReleased() {
        receive(backend(), "billing", 1, received -> received.get(0).release());

        HttpResponse<String> response = exchange(event("1"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(response.body()).contains("maybe handled in part");
    }

    @Test
    void answersWithTheEventOfAHandler() {
        Map<String, String> attributes =
                Map.of("specversion", "1.0", "id", "r 1", "source", "/billing", "type", "order.billed");
        receive(
                backend(),
                "billing",
                1,
                received -> ((ReplyingDelivery) received.get(0))
                        .reply(Message.received(
                                null, "text/plain", attributes, Map.of(), "paid".getBytes(StandardCharsets.UTF_8))));

        HttpResponse<String> response = exchange(event("1").header("Prefer", "reply"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("paid");
        assertThat(response.headers().firstValue("ce-id")).contains("r%201");
        assertThat(response.headers().firstValue("ce-type")).contains("order.billed");
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"specversion", "id", "source", "type"})
    void refusesBinaryEventsThatAreIncomplete(String missing) {
        receive(backend());
        HttpRequest.Builder request = request().POST(HttpRequest.BodyPublishers.noBody());
        for (String name : List.of("specversion", "id", "source", "type")) {
            if (!name.equals(missing)) {
                request.header("ce-" + name, name.equals("specversion") ? "1.0" : "x");
            }
        }

        HttpResponse<String> response = exchange(request);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains(missing);
        assertThat(deliveries).isEmpty();
    }

    @Test
    void refusesEventsOfTheFuture() {
        receive(backend());

        HttpResponse<String> response = exchange(request()
                .header("ce-specversion", "2.0")
                .header("ce-id", "1")
                .header("ce-source", "x")
                .header("ce-type", "x")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "PATCH", "DELETE"})
    void takesNothingButPosts(String method) {
        receive(backend());

        HttpResponse<String> response = exchange(request().method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("POST, OPTIONS");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).contains("\"status\":405");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/cloudevents+xml", "application/cloudevents", "application/cloudevents-batch+cbor"})
    void refusesFormatsThatItCannotRead(String contentType) {
        receive(backend());

        HttpResponse<String> response =
                exchange(request().header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString("x")));

        assertThat(response.statusCode()).isEqualTo(415);
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        receive(
                backend(HttpBindingBackend.builder("orders").maximumBodySize(1000)),
                "billing",
                1,
                received -> received.get(0).acknowledge());

        assertThat(exchange(event("1").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1000])))
                        .statusCode())
                .isEqualTo(202);
        assertThat(exchange(event("1").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1001])))
                        .statusCode())
                .isEqualTo(413);
        assertThat(exchange(event("1").POST(chunked(1001))).statusCode()).isEqualTo(413);
        assertThat(exchange(event("1").POST(chunked(1000))).statusCode()).isEqualTo(202);
    }

    private static HttpRequest.BodyPublisher chunked(int size) {
        return HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[size]));
    }

    @Test
    void refusesHeadersThatAreTooLarge() {
        receive(
                backend(HttpBindingBackend.builder("orders").maximumHeaderSize(1000)),
                "billing",
                1,
                received -> received.get(0).acknowledge());

        assertThat(exchange(event("1").header("x-long", "x".repeat(1000))).statusCode())
                .isEqualTo(431);
        assertThat(exchange(event("1")).statusCode()).isEqualTo(202);
    }

    @Test
    void refusesMoreThanThereIsRoomFor() {
        receive(backend(), "billing", 2, deliveries::addAll);
        List<CompletableFuture<HttpResponse<String>>> responses = List.of(later(event("1")), later(event("2")));
        List<Delivery> taken = List.of(take(), take());

        HttpResponse<String> third = exchange(event("3"));
        taken.forEach(Delivery::acknowledge);

        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers().firstValue("Retry-After")).contains("1");
        assertThat(responses)
                .allSatisfy(response -> assertThat(response.join().statusCode()).isEqualTo(202));
        CompletableFuture<HttpResponse<String>> fourth = later(event("4"));
        take().acknowledge();
        assertThat(fourth.join().statusCode()).isEqualTo(202);
    }

    @Test
    void givesRoomBackForWhatItRefused() {
        receive(backend(), "billing", 1, received -> received.get(0).acknowledge());

        for (int i = 0; i < 5; i++) {
            assertThat(exchange(request().header("ce-id", "x").POST(HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(400);
        }

        assertThat(exchange(event("1")).statusCode()).isEqualTo(202);
    }

    @Test
    void handsOutNothingWhilePaused() {
        MessageConsumer consumer =
                receive(backend(), "billing", 10, received -> received.get(0).acknowledge());

        consumer.pause();
        HttpResponse<String> paused = exchange(event("1"));
        consumer.resume();

        assertThat(paused.statusCode()).isEqualTo(503);
        assertThat(paused.headers().firstValue("Retry-After")).contains("1");
        assertThat(exchange(event("1")).statusCode()).isEqualTo(202);
    }

    @Test
    void beginsPausedWhenTold() {
        Inbound inbound = backend().capabilities().find(Inbound.class).orElseThrow();
        opened.add(inbound.receive(
                new ConsumerRequest("billing", Ordering.NONE, StartAt.EARLIEST, 1, 1, false, true),
                deliveries::addAll));

        assertThat(exchange(event("1")).statusCode()).isEqualTo(503);
    }

    @Test
    void releasesWhatIsNotFinishedWhenItCloses() {
        MessageConsumer consumer = receive(backend());
        CompletableFuture<HttpResponse<String>> response = later(event("1"));
        Delivery delivery = take();

        consumer.close();

        assertThat(response.join().statusCode()).isEqualTo(503);
        assertThat(delivery.current()).isFalse();
        delivery.acknowledge();
        assertThat(exchange(event("2")).statusCode()).isEqualTo(503);
    }

    @Test
    void leavesThePathToOthersWhenTheBackendCloses() {
        HttpBindingBackend backend = backend();
        receive(backend).close();
        backend.close();

        assertThat(exchange(event("1")).statusCode()).isEqualTo(404);
        receive(backend(), "billing", 1, received -> received.get(0).acknowledge());
        assertThat(exchange(event("1")).statusCode()).isEqualTo(202);
    }

    @Test
    void answersWhenAllGroupsHaveFinished() {
        HttpBindingBackend backend = backend();
        receive(backend, "billing", 10, deliveries::addAll);
        receive(backend, "shipping", 10, deliveries::addAll);
        CompletableFuture<HttpResponse<String>> response = later(event("1"));
        Delivery one = take();
        Delivery other = take();

        one.acknowledge();
        assertThat(response).isNotDone();
        other.reject(Rejection.FAILED);

        assertThat(response.join().statusCode()).isEqualTo(500);
    }

    @Test
    void handsEachEventToOneMemberOfAGroup() {
        HttpBindingBackend backend = backend();
        Set<Integer> members = new HashSet<>();
        List.of(1, 2)
                .forEach(member -> receive(backend, "billing", 1, received -> {
                    members.add(member);
                    received.get(0).acknowledge();
                }));

        List<Integer> statuses = IntStream.range(0, 10)
                .mapToObj(i -> exchange(event("" + i)).statusCode())
                .toList();

        assertThat(statuses).containsOnly(202);
        assertThat(members).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void tellsTheSenderThatItsTimeIsUp() {
        receive(backend(HttpBindingBackend.builder("orders").responseTimeout(Duration.ofMillis(200))));

        HttpResponse<String> response = exchange(event("1"));
        Delivery delivery = take();

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(delivery.current()).isFalse();
        delivery.acknowledge();
    }

    @Test
    void hasRoomAgainWhenWhatIsTooLateWasLetGo() {
        receive(
                backend(HttpBindingBackend.builder("orders").responseTimeout(Duration.ofMillis(200))),
                "billing",
                1,
                deliveries::addAll);
        assertThat(exchange(event("1")).statusCode()).isEqualTo(504);
        assertThat(exchange(event("2")).statusCode()).isEqualTo(429);

        assertThat(take().current()).isFalse();

        CompletableFuture<HttpResponse<String>> third = later(event("3"));
        take().acknowledge();
        assertThat(third.join().statusCode()).isEqualTo(202);
    }

    @Test
    void handlesManySendersAtOnce() {
        receive(
                backend(),
                "billing",
                1000,
                received -> ForkJoinPool.commonPool().execute(received.get(0)::acknowledge));

        List<CompletableFuture<HttpResponse<String>>> responses =
                IntStream.range(0, 500).mapToObj(i -> later(event("" + i))).toList();

        assertThat(responses)
                .allSatisfy(response -> assertThat(response.join().statusCode()).isEqualTo(202));
    }

    @Test
    void letsTwoChannelsNotShareAPath() {
        backend();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> backend(HttpBindingBackend.builder("other").path(PATH)))
                .withMessage("Path /mecha/bindings/orders is that of channel 'orders' already");
    }

    @Test
    void knowsNoOtherPaths() {
        receive(backend());

        assertThat(exchange(HttpRequest.newBuilder(URI.create(server.url(PATH + "/x")))
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            shop.example.org | -    | 200 | shop.example.org | 100
            SHOP.example.org | 120  | 200 | SHOP.example.org | 100
            shop.example.org | 30   | 200 | shop.example.org | 30
            shop.example.org | *    | 200 | shop.example.org | 100
            shop.example.org | 0    | 200 | shop.example.org | 100
            shop.example.org | -5   | 200 | shop.example.org | 100
            shop.example.org | 99999999999 | 200 | shop.example.org | 100
            shop.example.org | 007  | 200 | shop.example.org | 7
            evil.example.org | 30   | 403 | -                | -
            """)
    void tellsKnownSendersThatTheyMaySend(String origin, String rate, int status, String allowed, String allowedRate) {
        backend(HttpBindingBackend.builder("orders")
                .allowedOrigins(List.of("shop.example.org"))
                .allowedRate(100));
        HttpRequest.Builder request = request()
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("WebHook-Request-Origin", origin)
                .header("WebHook-Request-Callback", "http://localhost:1/never-called");
        if (rate != null) {
            request.header("WebHook-Request-Rate", rate);
        }

        HttpResponse<String> response = exchange(request);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("WebHook-Allowed-Origin").orElse(null))
                .isEqualTo(allowed);
        if (allowedRate != null) {
            assertThat(response.headers().firstValue("WebHook-Allowed-Rate")).contains(allowedRate);
        }
    }

    @Test
    void allowsNoSenderUnlessToldAndAllWhenTold() {
        HttpRequest.Builder request = request()
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("WebHook-Request-Origin", "shop.example.org")
                .header("WebHook-Request-Rate", "50");
        HttpBindingBackend closed = backend();
        assertThat(exchange(request).statusCode()).isEqualTo(403);
        closed.close();
        backend(HttpBindingBackend.builder("orders").allowedOrigins(List.of("*")));

        HttpResponse<String> response = exchange(request);

        assertThat(response.headers().firstValue("WebHook-Allowed-Origin")).contains("*");
        assertThat(response.headers().firstValue("WebHook-Allowed-Rate")).contains("50");
        HttpRequest.Builder withoutRate = request()
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("WebHook-Request-Origin", "shop.example.org");
        assertThat(exchange(withoutRate).headers().firstValue("WebHook-Allowed-Rate"))
                .contains("*");
    }
}
