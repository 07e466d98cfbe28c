// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.InvocationException;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.http.HttpBindingBackend.BackoffPolicy;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Operations;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.RequestReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;

/** What a server gets, and what becomes of its answers. */
class HttpOutboundIT {

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<HttpBindingBackend> opened = new ArrayList<>();

    private record Request(String method, URI uri, Map<String, List<String>> headers, String body) {

        @Nullable String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.get(0);
        }
    }

    private record Answer(int status, Map<String, String> headers, String body) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        opened.forEach(HttpBindingBackend::close);
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Answer answer = answers.poll();
        if (answer == null) {
            answer = new Answer(202, Map.of(), "");
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void willAnswer(int... statuses) {
        for (int status : statuses) {
            answers.add(new Answer(status, Map.of(), ""));
        }
    }

    private HttpBindingBackend.Builder builder(URI destination) {
        return HttpBindingBackend.builder("orders")
                .backoffDelay(Duration.ofMillis(1))
                .destination(
                        destination,
                        ClientHttpRequestFactoryBuilder.jdk()
                                .build(HttpClientSettings.defaults()
                                        .withRedirects(HttpRedirects.DONT_FOLLOW)
                                        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2))));
    }

    private URI url(String path) {
        return URI.create("http://localhost:%d%s".formatted(server.getAddress().getPort(), path));
    }

    private HttpBindingBackend open(HttpBindingBackend.Builder builder) {
        HttpBindingBackend backend = builder.build();
        opened.add(backend);
        return backend;
    }

    private Outbound outbound(HttpBindingBackend.Builder builder) {
        return open(builder).capabilities().find(Outbound.class).orElseThrow();
    }

    private Outbound outbound() {
        return outbound(builder(url("/events")));
    }

    private static Message message(@Nullable String key, String text) {
        return Message.received(
                key,
                "text/plain",
                Map.of("specversion", "1.0", "id", "e 1", "source", "/shop", "type", "order.placed"),
                Map.of("x-trace", "abc"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    private static <R> R await(CompletionStage<R> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Receipt send(Outbound outbound) {
        return await(outbound.send("e 1", message(null, "data")));
    }

    @Test
    void postsEventsWithTheirAttributesAsHeaders() {
        Receipt receipt = send(outbound(builder(url("/events?token=1")).header("authorization", "Bearer secret")));

        Request request = requests.get(0);
        assertThat(receipt).isEqualTo(new Receipt("e 1", null));
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo(URI.create("/events?token=1"));
        assertThat(request.body()).isEqualTo("data");
        assertThat(request.header("Ce-id")).isEqualTo("e%201");
        assertThat(request.header("Ce-specversion")).isEqualTo("1.0");
        assertThat(request.header("Content-type")).isEqualTo("text/plain");
        assertThat(request.header("X-trace")).isEqualTo("abc");
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret");
    }

    @Test
    void postsWholeEventsAsTheyAre() {
        await(outbound()
                .send(
                        "1",
                        Message.received(
                                null,
                                "application/cloudevents-batch+json",
                                Map.of(),
                                Map.of(),
                                "[]".getBytes(StandardCharsets.UTF_8))));

        assertThat(requests.get(0).header("Content-type")).isEqualTo("application/cloudevents-batch+json");
        assertThat(requests.get(0).headers().keySet()).noneMatch(name -> name.startsWith("Ce-"));
    }

    @Test
    void postsNoBody() {
        await(outbound().send("1", Message.received(null, null, Map.of("id", "1"), Map.of(), null)));

        assertThat(requests.get(0).body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 408, 409, 429, 500, 502, 503, 504})
    void triesAgainWhatMayWorkLater(int status) {
        willAnswer(status, status);

        send(outbound());

        assertThat(requests).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 307, 400, 401, 403, 405, 413, 415, 422})
    void givesUpWhatWillNot(int status) {
        willAnswer(status);

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("MECHA-B303"))
                .satisfies(e -> assertThat(e.mayHaveHappened()).isFalse())
                .satisfies(e -> assertThat(e.permanent())
                        .isEqualTo(List.of(400, 413, 415, 422).contains(status)))
                .withMessageContaining("status " + status);
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"500,true", "504,true", "503,true", "429,false", "404,false"})
    void saysWhatIsKnownAfterTheLastAttempt(int status, boolean mayHaveHappened) {
        willAnswer(status, status, status);

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound(builder(url("/")).retries(2))))
                .satisfies(e -> assertThat(e.mayHaveHappened()).isEqualTo(mayHaveHappened));
        assertThat(requests).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 503})
    void remembersThatAnEarlierAttemptMayHaveComeThrough(int last) {
        willAnswer(500, last);

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound(builder(url("/")).retries(1))))
                .satisfies(e -> assertThat(e.mayHaveHappened()).isTrue());
        assertThat(requests).hasSize(2);
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        answers.add(new Answer(429, Map.of("Retry-After", "1"), ""));
        Outbound outbound = outbound();
        long start = System.nanoTime();

        send(outbound);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void holdsAllRequestsAsLongAsOneWasAskedTo() {
        answers.add(new Answer(429, Map.of("Retry-After", "1"), ""));
        Outbound outbound = outbound(builder(url("/")).retries(0));
        long start = System.nanoTime();
        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound))
                .withMessageContaining("mecha.bindings.channels.orders.http.retry");

        send(outbound);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(requests).hasSize(2);
    }

    @Test
    void holdsTheRequestsOfAllChannelsToOneServer() {
        answers.add(new Answer(429, Map.of("Retry-After", "1"), ""));
        HttpTargets targets = new HttpTargets();
        Outbound asked = outbound(builder(url("/")).targets(targets).retries(0));
        HttpBindingBackend other = open(builder(url("/other")).targets(targets).retries(0));
        long start = System.nanoTime();
        assertThatExceptionOfType(SendException.class).isThrownBy(() -> send(asked));

        send(other.capabilities().find(Outbound.class).orElseThrow());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(targets.size()).isEqualTo(1);
        other.close();
        other.close();
        assertThat(targets.size()).isEqualTo(1);
    }

    @Test
    void requestsNothingThatWouldBeHeldLongerThanItsReplyIsOfUse() {
        answers.add(new Answer(429, Map.of("Retry-After", "20"), ""));
        HttpBindingBackend backend = open(builder(url("/")).retries(0));
        Outbound outbound = backend.capabilities().find(Outbound.class).orElseThrow();
        RequestReply asking = backend.capabilities().find(RequestReply.class).orElseThrow();
        assertThatExceptionOfType(SendException.class).isThrownBy(() -> send(outbound));

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> await(asking.request("1", message(null, "data"), Duration.ofSeconds(5))))
                .withMessageContaining("status 429");
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "404,mecha.bindings.channels.orders.destination",
        "401,mecha.bindings.channels.orders.http.authorization",
        "409,send it again",
        "503,not paused"
    })
    void saysWhatToDo(int status, String advice) {
        willAnswer(status);

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound(builder(url("/")).retries(0))))
                .withMessageContaining("status " + status)
                .withMessageContaining(advice);
    }

    @Test
    void sendsNothingMoreToAnEndpointThatIsGone() {
        willAnswer(410);
        HttpBindingBackend backend = open(builder(url("/")));
        Outbound outbound = backend.capabilities().find(Outbound.class).orElseThrow();

        assertThatExceptionOfType(SendException.class).isThrownBy(() -> send(outbound));
        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound))
                .withMessageContaining("status 410");
        assertThatExceptionOfType(BindingBackendException.class).isThrownBy(backend::ping);
        assertThat(requests).hasSize(1);
    }

    @Test
    void saysThatNobodyListens() {
        URI destination = url("/");
        server.stop(0);

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound(builder(destination).retries(1))))
                .satisfies(e -> assertThat(e.code()).isEqualTo("MECHA-B301"))
                .satisfies(e -> assertThat(e.mayHaveHappened()).isFalse());
        assertThatExceptionOfType(BindingBackendException.class)
                .isThrownBy(() -> open(builder(destination)).ping());
    }

    @Test
    void saysThatNoAnswerCame() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            URI destination = URI.create("http://localhost:" + silent.getLocalPort());

            assertThatExceptionOfType(SendException.class)
                    .isThrownBy(() -> send(outbound(builder(destination).retries(0))))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("MECHA-B302"))
                    .satisfies(e -> assertThat(e.mayHaveHappened()).isTrue());
        }
    }

    @Test
    void keepsTheOrderOfAKeyThoughAttemptsFail() {
        willAnswer(503, 202, 500, 500, 202);
        Outbound outbound = outbound();

        List<CompletionStage<Receipt>> receipts = IntStream.range(0, 50)
                .mapToObj(i -> outbound.send("" + i, message("k", "" + i)))
                .toList();
        receipts.forEach(HttpOutboundIT::await);

        List<String> bodies = requests.stream().map(Request::body).distinct().toList();
        assertThat(bodies)
                .isEqualTo(IntStream.range(0, 50).mapToObj(String::valueOf).toList());
    }

    @Test
    void goesOnWithAKeyAfterAFailure() {
        willAnswer(400);
        Outbound outbound = outbound();

        CompletionStage<Receipt> first = outbound.send("1", message("k", "1"));
        CompletionStage<Receipt> second = outbound.send("2", message("k", "2"));

        assertThat(await(second).id()).isEqualTo("2");
        assertThatExceptionOfType(SendException.class).isThrownBy(() -> await(first));
    }

    @Test
    void makesNoMoreRequestsAtOnceThanAllowed() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        server.createContext("/slow", exchange -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            exchange.getRequestBody().readAllBytes();
            CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(() -> {
                running.decrementAndGet();
                try {
                    exchange.sendResponseHeaders(202, -1);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                exchange.close();
            });
        });
        Outbound outbound = outbound(builder(url("/slow")).concurrency(3));

        IntStream.range(0, 30)
                .mapToObj(i -> outbound.send("" + i, message(null, "" + i)))
                .toList()
                .forEach(HttpOutboundIT::await);

        assertThat(most).hasValueBetween(2, 3);
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        Outbound outbound = outbound(builder(url("/")).maximumBodySize(3));

        assertThat(outbound.maximumBodySize()).isEqualTo(3);
        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound))
                .withMessageContaining("it has 4 bytes, and at most 3 are sent");
        assertThat(requests).isEmpty();
    }

    @Test
    void refusesToSendAfterClose() {
        HttpBindingBackend backend = open(builder(url("/")));
        Outbound outbound = backend.capabilities().find(Outbound.class).orElseThrow();
        backend.close();

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(outbound))
                .satisfies(e -> assertThat(e.code()).isEqualTo("MECHA-B306"));
        assertThatExceptionOfType(BindingBackendException.class).isThrownBy(backend::ping);
    }

    @Test
    void endsWhatWaitsForAnotherAttemptWhenClosed() throws InterruptedException {
        willAnswer(503);
        CountDownLatch refused = new CountDownLatch(1);
        HttpBindingBackend backend = open(builder(url("/")).backoffDelay(Duration.ofMinutes(5)));
        Outbound outbound = backend.capabilities().find(Outbound.class).orElseThrow();
        CompletionStage<Receipt> first = outbound.send("1", message("k", "1"));
        List<CompletionStage<Receipt>> others = IntStream.range(0, 5000)
                .mapToObj(i -> outbound.send("" + i, message("k", "" + i)))
                .toList();
        first.whenComplete((receipt, failure) -> refused.countDown());

        backend.close();

        assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
        others.forEach(other -> assertThatExceptionOfType(SendException.class).isThrownBy(() -> await(other)));
    }

    @Test
    void getsTheReplyOfARequest() {
        answers.add(new Answer(200, Map.of("ce-id", "r%201", "Content-Type", "text/plain"), "paid"));
        RequestReply requestReply =
                open(builder(url("/"))).capabilities().find(RequestReply.class).orElseThrow();

        Message reply = await(requestReply.request("1", message(null, "x"), Duration.ofSeconds(5)));

        assertThat(reply.attributes()).isEqualTo(Map.of("id", "r 1"));
        assertThat(reply.body()).isEqualTo("paid".getBytes(StandardCharsets.UTF_8));
        assertThat(reply.contentType()).isEqualTo("text/plain");
        assertThat(requests.get(0).header("Prefer")).isEqualTo("reply");
    }

    @Test
    void saysThatNoReplyCame() throws IOException {
        RequestReply requestReply =
                open(builder(url("/"))).capabilities().find(RequestReply.class).orElseThrow();
        CompletionStage<Message> empty = requestReply.request("1", message(null, "x"), Duration.ofSeconds(5));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> empty.toCompletableFuture().join())
                .withCauseInstanceOf(TimeoutException.class);

        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            RequestReply late = open(builder(URI.create("http://localhost:" + silent.getLocalPort())))
                    .capabilities()
                    .find(RequestReply.class)
                    .orElseThrow();

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> late.request("1", message(null, "x"), Duration.ofMillis(100))
                            .toCompletableFuture()
                            .join())
                    .withCauseInstanceOf(TimeoutException.class);
        }
    }

    private Operations operations(String path) {
        return open(builder(url(path)).header("x-all", "1"))
                .capabilities()
                .find(Operations.class)
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post", "put", "patch", "delete"})
    void makesPlainRequests(String operation) {
        answers.add(new Answer(200, Map.of(), "reply"));
        byte[] data = operation.equals("get") ? new byte[0] : "{}".getBytes(StandardCharsets.UTF_8);

        byte[] reply = operations("/api/")
                .invoke(
                        operation,
                        data,
                        Map.of("path", "/a b/ü", "query.q", "x&y", "query.a", "1", "header.x-one", "2"));

        Request request = requests.get(0);
        assertThat(reply).isEqualTo("reply".getBytes(StandardCharsets.UTF_8));
        assertThat(request.method()).isEqualToIgnoringCase(operation);
        assertThat(request.uri()).hasToString("/api/a%20b/%C3%BC?a=1&q=x%26y");
        assertThat(request.header("X-one")).isEqualTo("2");
        assertThat(request.header("X-all")).isEqualTo("1");
        assertThat(request.body()).isEqualTo(new String(data, StandardCharsets.UTF_8));
        assertThat(request.header("Content-type")).isEqualTo(data.length == 0 ? null : "application/json");
    }

    @Test
    void makesHeadRequests() {
        assertThat(operations("/api?x=1").invoke("head", new byte[0], Map.of("query.y", "2")))
                .isEmpty();
        assertThat(requests.get(0).uri()).hasToString("/api?x=1&y=2");
        assertThat(operations("/").names()).containsExactlyInAnyOrder("get", "post", "put", "patch", "delete", "head");
    }

    @Test
    void reportsWhatTheOtherSideAnswersAndTriesNothingTwice() {
        answers.add(new Answer(503, Map.of(), "down"));

        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> operations("/").invoke("get", new byte[0], Map.of()))
                .withMessageContaining("may have had an effect")
                .satisfies(e -> assertThat(e.status()).hasValue(503))
                .satisfies(e -> assertThat(e.body()).isEqualTo("down".getBytes(StandardCharsets.UTF_8)));
        assertThat(requests).hasSize(1);
    }

    @Test
    void refusesRequestsThatLeaveTheDestination() {
        Operations operations = operations("/api");

        for (String path : List.of("../x", "/a/../../x", "..", "./x", "..;/x", "a/..;b=c/x")) {
            assertThatExceptionOfType(InvalidEventException.class)
                    .isThrownBy(() -> operations.invoke("get", new byte[0], Map.of("path", path)));
        }
        operations.invoke("get", new byte[0], Map.of("path", "//evil.example.org/?a=1#b"));
        assertThat(requests).hasSize(1);
        assertThat(requests.get(0).uri()).hasToString("/api//evil.example.org/%3Fa=1%23b");
    }

    @Test
    void refusesWhatIsNoOperationOrNoHeader() {
        Operations operations = operations("/api");

        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> operations.invoke("trace", new byte[0], Map.of()))
                .withMessageContaining("delete, get, head, patch, post, put");
        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> operations.invoke("get", new byte[0], Map.of("header.x", "a\r\nb: c")));
        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> operations.invoke("get", new byte[0], Map.of("header.a b", "c")));
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"orders", "ftp://localhost/x", "http:///x", "http://user:pw@localhost/x", "http://localhost/#x"})
    void refusesDestinationsThatAreNoUrl(String destination) {
        assertThatIllegalArgumentException().isThrownBy(() -> open(builder(URI.create(destination))));
    }

    @Test
    void refusesOptionsThatCannotWork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(builder(url("/")).concurrency(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(builder(url("/")).retries(101)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(builder(url("/")).backoffDelay(Duration.ZERO)));
        assertThat(open(builder(url("/")).backoffPolicy(BackoffPolicy.LINEAR).maximumRetryAfter(Duration.ZERO)))
                .isNotNull();
    }
}
