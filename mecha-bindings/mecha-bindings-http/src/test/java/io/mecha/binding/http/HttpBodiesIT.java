// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Inbound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders whose bodies arrive slowly or never, and what errors look like. */
class HttpBodiesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PATH = "/mecha/bindings/orders";

    @SuppressWarnings("NullAway.Init")
    private static WebServer server;

    private final HttpClient client = HttpClient.newHttpClient();
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

    @Test
    void letsSlowSendersTakeNoPlace() throws Exception {
        receive(HttpBindingBackend.builder("orders"), 2);

        List<Socket> slow = List.of(begin(100), begin(100));
        for (Socket sender : slow) {
            drip(sender);
        }

        for (int index = 0; index < 50; index++) {
            assertThat(send("data").statusCode()).isEqualTo(202);
            drip(slow.get(index % 2));
        }
        for (Socket sender : slow) {
            for (int sent = 26; sent < 100; sent++) {
                drip(sender);
            }
            assertThat(answer(sender)).startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void waitsForABodyNoLongerThanTold() throws Exception {
        receive(HttpBindingBackend.builder("orders").bodyTimeout(Duration.ofMillis(100)), 2);
        Socket slow = begin(1_000_000);

        eventually(PATIENCE, () -> {
            drip(slow);
            assertThat(hasAnswer(slow)).isTrue();
        });

        assertThat(answer(slow)).startsWith("HTTP/1.1 408");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\n",
                "Content-Length: 100\r\n\r\nsome",
                "Transfer-Encoding: chunked\r\n\r\n"
            })
    void waitsForNobodyWhoFallsSilent(String rest) throws Exception {
        try (WebServer patient = new WebServer("server.tomcat.connection-timeout=10m")) {
            HttpBindingBackend backend = HttpBindingBackend.builder("orders")
                    .bodyTimeout(Duration.ofMillis(100))
                    .endpoints(patient.endpoints())
                    .build();
            opened.add(backend);
            backend.capabilities()
                    .find(Inbound.class)
                    .orElseThrow()
                    .receive(ConsumerRequest.of("billing", 1), deliveries -> {});

            Socket silent = begin(patient, rest);

            assertThat(new String(silent.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408")
                    .contains("The body did not arrive in time");
        }
    }

    @Test
    void givesTheThreadBackWhileABodyArrives() throws Exception {
        try (WebServer narrow = new WebServer("server.tomcat.threads.max=1", "server.tomcat.threads.min-spare=1")) {
            HttpBindingBackend backend = HttpBindingBackend.builder("orders")
                    .endpoints(narrow.endpoints())
                    .build();
            opened.add(backend);
            backend.capabilities()
                    .find(Inbound.class)
                    .orElseThrow()
                    .receive(
                            ConsumerRequest.of("billing", 1),
                            deliveries -> deliveries.get(0).acknowledge());
            Socket slow = begin(narrow, "Content-Length: 2\r\n\r\nx");

            assertThat(send(narrow, "x")).isEqualTo(202);

            drip(slow);
            assertThat(answer(slow)).startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void readsBodiesThatArriveInParts() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        HttpBindingBackend backend = receive(HttpBindingBackend.builder("orders"), 2);
        backend.capabilities().find(Inbound.class).orElseThrow().receive(ConsumerRequest.of("sizes", 1), deliveries -> {
            byte[] body = deliveries.get(0).message().body();
            sizes.add(body == null ? 0 : body.length);
            deliveries.get(0).acknowledge();
        });

        for (int size : List.of(0, 1, 8_191, 8_192, 8_193, 16_384, 300_000, 1_048_576)) {
            assertThat(send("x".repeat(size)).statusCode()).isEqualTo(202);
        }

        assertThat(sizes).containsExactly(0, 1, 8_191, 8_192, 8_193, 16_384, 300_000, 1_048_576);
        assertThat(send("x".repeat(1_048_577)).statusCode()).isEqualTo(413);
    }

    @Test
    void explainsErrorsAsProblemDetails() throws Exception {
        HttpBindingBackend backend = HttpBindingBackend.builder("orders")
                .endpoints(server.endpoints())
                .build();
        opened.add(backend);

        HttpResponse<String> response = send("data");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body())
                .isEqualTo(
                        "{\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"No receiver is active; send it again later.\"}");
    }

    @Test
    void takesHeadersAsLargeAsTheWebServerDoes() throws Exception {
        try (WebServer large = new WebServer("server.max-http-request-header-size=32KB")) {
            HttpBindingBackend backend = HttpBindingBackend.builder("orders")
                    .maximumHeaderSize(20 * 1024)
                    .endpoints(large.endpoints())
                    .build();
            backend.capabilities()
                    .find(Inbound.class)
                    .orElseThrow()
                    .receive(
                            ConsumerRequest.of("billing", 1),
                            deliveries -> deliveries.get(0).acknowledge());

            assertThat(send(large, "x".repeat(19 * 1024))).isEqualTo(202);
            assertThat(send(large, "x".repeat(21 * 1024))).isEqualTo(431);
            backend.close();
        }
    }

    @Test
    void refusesTimeoutsThatCannotWork() {
        assertThatThrownBy(() -> receive(HttpBindingBackend.builder("orders").bodyTimeout(Duration.ZERO), 1))
                .hasMessage("The body timeout must be positive, not PT0S");
    }

    private HttpBindingBackend receive(HttpBindingBackend.Builder builder, int room) {
        HttpBindingBackend backend = builder.endpoints(server.endpoints()).build();
        opened.add(backend);
        backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(
                        ConsumerRequest.of("billing", room),
                        deliveries -> deliveries.forEach(delivery -> delivery.acknowledge()));
        return backend;
    }

    private int send(WebServer target, String header) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(target.url(PATH)))
                                .header("x-long", header)
                                .POST(HttpRequest.BodyPublishers.ofString("data"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpResponse<String> send(String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url(PATH)))
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Socket begin(int length) throws IOException {
        return begin(server, "Content-Length: %d\r\n\r\n".formatted(length));
    }

    private Socket begin(WebServer target, String rest) throws IOException {
        URI uri = URI.create(target.url(PATH));
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        opened.add(socket);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream()
                .write("POST %s HTTP/1.1\r\nHost: localhost\r\n%s"
                        .formatted(PATH, rest)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void drip(Socket socket) {
        try {
            socket.getOutputStream().write('x');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasAnswer(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(16), StandardCharsets.US_ASCII);
    }
}
