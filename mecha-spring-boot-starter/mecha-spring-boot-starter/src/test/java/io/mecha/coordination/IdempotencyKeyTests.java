// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.test.Eventually;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        classes = IdempotencyKeyTests.Application.class,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:payments;DB_CLOSE_DELAY=-1",
            "mecha.state.stores.idempotency.type=jdbc",
            "mecha.coordination.idempotency.http.routes=/payments/stream",
            "mecha.coordination.idempotency.http.maximum-request-size=3MB",
            "mecha.coordination.idempotency.http.maximum-response-size=4KB"
        })
class IdempotencyKeyTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TEA = "{\"to\":\"tea\",\"amount\":10}";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Payments.class, Payments.Ledger.class, Users.class})
    static class Application {}

    /** An authentication that believes everything. */
    static class Users extends OncePerRequestFilter implements Ordered {

        @Override
        public int getOrder() {
            return -100;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            String user = request.getHeader("X-User");
            chain.doFilter(
                    new HttpServletRequestWrapper(request) {

                        @Override
                        public Principal getUserPrincipal() {
                            return user == null ? null : () -> user;
                        }
                    },
                    response);
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private Payments payments;

    @Autowired
    private Payments.Ledger ledger;

    @BeforeEach
    void reset() {
        payments.reset();
    }

    @Test
    void repeatsStatusHeadersAndBody() {
        String key = key();

        HttpResponse<String> first = post("/payments", JSON, TEA, "Idempotency-Key", key);
        HttpResponse<String> again = post("/payments", JSON, TEA, "Idempotency-Key", key);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Set-Cookie")).isPresent();
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body()).contains("tea");
        for (String header : List.of("Location", "X-Run", "Content-Type")) {
            assertThat(again.headers().allValues(header))
                    .isEqualTo(first.headers().allValues(header))
                    .hasSize(1);
        }
        assertThat(again.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(payments.runs()).isEqualTo(1);
    }

    @Test
    void demandsAKeyWhereOneIsNeeded() {
        assertProblem(post("/payments", JSON, TEA), 400, "MECHA-K420");
        assertThat(send("PATCH", "/payments/text", "text/plain", "tea").statusCode())
                .isEqualTo(200);
        assertThat(payments.runs()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8e03978e-40d5-43e8-bc93-6894a57f9324",
                "",
                "\"\"",
                "\"open",
                "\"a\" \"b\"",
                "\"a\", \"b\"",
                "\"tab\t\"",
                "\"\\x\"",
                "42",
                "LONG"
            })
    void refusesMalformedKeys(String value) {
        String key = value.equals("LONG") ? "\"" + "x".repeat(256) + "\"" : value;

        assertProblem(post("/payments", JSON, TEA, "Idempotency-Key", key), 400, "MECHA-K421");
        assertThat(payments.runs()).isZero();
    }

    @Test
    void refusesTwoKeys() {
        assertProblem(
                post("/payments", JSON, TEA, "Idempotency-Key", key(), "Idempotency-Key", key()), 400, "MECHA-K421");
    }

    @Test
    void takesTheLongestKeyWithParameters() {
        String text = UUID.randomUUID() + "\\\"" + "x".repeat(217);

        for (String key : List.of("\"" + text + "\"", " \"" + text + "\";a=1; b=\"c\";d ")) {
            assertThat(post("/payments", JSON, TEA, "Idempotency-Key", key).statusCode())
                    .isEqualTo(201);
        }
        assertThat(payments.runs()).isEqualTo(1);
    }

    @Test
    void saysThatTheFirstOneRuns() throws Exception {
        String key = key();
        CountDownLatch gate = payments.close();
        CompletableFuture<HttpResponse<String>> first =
                CompletableFuture.supplyAsync(() -> post("/payments", JSON, TEA, "Idempotency-Key", key));
        Eventually.eventually(PATIENCE, () -> assertThat(payments.runs()).isEqualTo(1));

        List<CompletableFuture<HttpResponse<String>>> others = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> post("/payments", JSON, TEA, "Idempotency-Key", key)))
                .limit(6)
                .toList();
        for (CompletableFuture<HttpResponse<String>> other : others) {
            assertProblem(other.join(), 409, "MECHA-K401");
            assertThat(other.join().headers().firstValue("Retry-After")).hasValue("1");
        }
        assertProblem(
                post("/payments", JSON, "{\"to\":\"other\",\"amount\":1}", "Idempotency-Key", key), 422, "MECHA-K422");
        gate.countDown();

        assertThat(first.join().statusCode()).isEqualTo(201);
        assertThat(post("/payments", JSON, TEA, "Idempotency-Key", key).body())
                .isEqualTo(first.join().body());
        assertThat(payments.runs()).isEqualTo(1);
    }

    @Test
    void comparesWhatTheJsonSays() {
        String key = key();
        post("/payments", JSON, TEA, "Idempotency-Key", key);

        assertThat(post("/payments", JSON, "{ \"amount\": 10, \"to\": \"te\\u0061\" }", "Idempotency-Key", key)
                        .statusCode())
                .isEqualTo(201);
        assertProblem(
                post("/payments", JSON, "{\"to\":\"tea\",\"amount\":11}", "Idempotency-Key", key), 422, "MECHA-K422");
        assertProblem(post("/payments?fast=true", JSON, TEA, "Idempotency-Key", key), 422, "MECHA-K422");
        assertThat(payments.runs()).isEqualTo(1);
    }

    @Test
    void keepsKeysOfClientsApart() {
        String key = key();

        post("/payments", JSON, TEA, "Idempotency-Key", key, "X-User", "ada");
        post("/payments", JSON, TEA, "Idempotency-Key", key, "X-User", "bob");
        post("/payments", JSON, TEA, "Idempotency-Key", key);
        post("/payments", JSON, TEA, "Idempotency-Key", key, "X-User", "ada");

        assertThat(payments.runs()).isEqualTo(3);
    }

    @Test
    void letsOtherMethodsAndOperationsPass() {
        String key = key();

        for (int time = 0; time < 2; time++) {
            send("PUT", "/payments", JSON, TEA, "Idempotency-Key", key);
            post("/payments/plain", JSON, TEA, "Idempotency-Key", key);
        }

        assertThat(payments.runs()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 401})
    void keepsNoAnswerThatMayChange(int status) {
        String key = key();
        post("/payments/status?status=" + status, JSON, TEA, "Idempotency-Key", key);

        assertThat(post("/payments/status?status=" + status, JSON, TEA, "Idempotency-Key", key)
                        .statusCode())
                .isEqualTo(status);

        assertThat(payments.runs()).isEqualTo(2);
    }

    @Test
    void keepsErrorsOfClients() {
        String key = key();
        String other = key();

        for (int time = 0; time < 2; time++) {
            assertThat(post("/payments/status?status=403", JSON, TEA, "Idempotency-Key", key)
                            .statusCode())
                    .isEqualTo(403);
            HttpResponse<String> missing = post("/payments/missing", JSON, TEA, "Idempotency-Key", other);
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.body()).contains("Not Found");
        }

        assertThat(payments.runs()).isEqualTo(2);
    }

    @Test
    void commitsTheResponseOfATransactionalHandlerWithIt() {
        String key = key();

        HttpResponse<String> first = post("/payments/booked?to=ada", JSON, TEA, "Idempotency-Key", key);
        HttpResponse<String> again = post("/payments/booked?to=ada", JSON, TEA, "Idempotency-Key", key);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body()).isEqualTo("booked for ada");
        assertThat(ledger.count("ada")).isEqualTo(1);
    }

    @Test
    void keepsTheRefusalOfATransactionalHandlerThatWasRolledBack() {
        String key = key();

        for (int time = 0; time < 2; time++) {
            assertThat(post("/payments/booked?to=nobody", JSON, TEA, "Idempotency-Key", key)
                            .statusCode())
                    .isEqualTo(409);
        }

        assertThat(payments.runs()).isEqualTo(1);
        assertThat(ledger.count("nobody")).isZero();
    }

    @Test
    void runsATransactionalHandlerAgainThatFailed() {
        String key = key();

        for (int time = 0; time < 2; time++) {
            assertThat(post("/payments/booked?to=kettle", JSON, TEA, "Idempotency-Key", key)
                            .statusCode())
                    .isEqualTo(500);
        }

        assertThat(payments.runs()).isEqualTo(2);
        assertThat(ledger.count("kettle")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"200, false, 500, 2", "409, false, 500, 2", "200, true, 200, 2", "409, true, 409, 1"})
    void keepsOnlyRefusalsOfATransactionThatWasRolledBackWithoutAnException(
            int status, boolean wanted, int answered, int runs) {
        String key = key();
        String path = "/payments/undone?status=%d&wanted=%s".formatted(status, wanted);

        for (int time = 0; time < 2; time++) {
            assertThat(post(path, JSON, TEA, "Idempotency-Key", key).statusCode())
                    .isEqualTo(answered);
        }

        assertThat(payments.runs()).isEqualTo(runs);
        assertThat(ledger.count("undone")).isZero();
    }

    @Test
    void neverRunsAgainWhatWasCommittedAndSaysThatTheAnswerIsLost() {
        String key = key();

        assertThat(post("/payments/noted?to=teapot", JSON, TEA, "Idempotency-Key", key)
                        .statusCode())
                .isEqualTo(500);
        assertProblem(post("/payments/noted?to=teapot", JSON, TEA, "Idempotency-Key", key), 410, "MECHA-K402");

        assertThat(payments.runs()).isEqualTo(1);
        assertThat(ledger.count("teapot")).isEqualTo(1);
    }

    @Test
    void addsTheResponseToTheMarkOfATransaction() {
        String key = key();

        HttpResponse<String> first = post("/payments/noted?to=eve", JSON, TEA, "Idempotency-Key", key);
        HttpResponse<String> again = post("/payments/noted?to=eve", JSON, TEA, "Idempotency-Key", key);

        assertThat(again.body()).isEqualTo(first.body()).contains("eve");
        assertThat(ledger.count("eve")).isEqualTo(1);
    }

    @Test
    void sendsAResponseThatIsTooLargeAndRemembersThatItIsLost() {
        String key = key();

        assertThat(post("/payments/large", JSON, TEA, "Idempotency-Key", key).body())
                .hasSize(5_001);
        assertProblem(post("/payments/large", JSON, TEA, "Idempotency-Key", key), 410, "MECHA-K402");
    }

    @Test
    void sendsHeadersThatAreTooLargeAndRemembersThatTheyAreLost() {
        String key = key();

        assertThat(post("/payments/header", JSON, TEA, "Idempotency-Key", key)
                        .headers()
                        .firstValue("X-Large"))
                .hasValue("x".repeat(5_000));
        assertProblem(post("/payments/header", JSON, TEA, "Idempotency-Key", key), 410, "MECHA-K402");
    }

    @ParameterizedTest
    @ValueSource(strings = {"large", "header"})
    void rollsBackWhenTheResponseOfATransactionIsTooLarge(String to) {
        assertProblem(post("/payments/booked?to=" + to, JSON, TEA, "Idempotency-Key", key()), 500, "MECHA-K425");
        assertThat(ledger.count(to)).isZero();
    }

    @Test
    void comparesLargeRequestsFormsAndFiles() {
        for (Body body : List.of(
                new Body("/payments/form", FORM, "to=tea&x=1", "x=1&to=tea", "to=cup&x=1"),
                new Body(
                        "/payments/text",
                        "text/plain",
                        "z".repeat(2_000_000),
                        "z".repeat(2_000_000),
                        "z".repeat(1_999_999) + "y"),
                new Body("/payments/file", "multipart/form-data; boundary=b", file("tea"), file("tea"), file("cup")))) {
            payments.reset();
            String key = key();
            String method = body.path().endsWith("text") ? "PATCH" : "POST";

            HttpResponse<String> first = send(method, body.path(), body.type(), body.first(), "Idempotency-Key", key);
            HttpResponse<String> again = send(method, body.path(), body.type(), body.same(), "Idempotency-Key", key);
            HttpResponse<String> other = send(method, body.path(), body.type(), body.other(), "Idempotency-Key", key);

            assertThat(first.statusCode()).as(body.path()).isEqualTo(200);
            assertThat(again.body()).as(body.path()).isEqualTo(first.body());
            assertProblem(other, 422, "MECHA-K422");
            assertThat(payments.runs()).as(body.path()).isEqualTo(1);
        }
    }

    /** A request, one that says the same, and one that does not. */
    private record Body(String path, String type, String first, String same, String other) {}

    private static String file(String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n" + content
                + "\r\n--b--\r\n";
    }

    @Test
    void refusesRequestsBeyondTheBound() {
        assertProblem(
                send("PATCH", "/payments/text", "text/plain", "z".repeat(3_200_000), "Idempotency-Key", key()),
                413,
                "MECHA-K423");
    }

    @Test
    void refusesKeysOfStreams() {
        assertProblem(post("/payments/stream", JSON, TEA, "Idempotency-Key", key()), 400, "MECHA-K424");
        assertThat(post("/payments/stream", JSON, TEA).statusCode()).isEqualTo(200);
    }

    private static String key() {
        return "\"" + UUID.randomUUID() + "\"";
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = JsonMapper.shared().readTree(response.body());
        assertThat(problem.at("/status").asInt()).isEqualTo(status);
        assertThat(problem.at("/code").asString()).isEqualTo(code);
        assertThat(problem.at("/type").asString()).startsWith("https://");
        assertThat(problem.at("/title").asString()).isNotBlank();
    }

    private HttpResponse<String> post(String path, String type, String body, String... headers) {
        return send("POST", path, type, body, headers);
    }

    private HttpResponse<String> send(String method, String path, String type, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", type);
        for (int index = 0; index < headers.length; index += 2) {
            request.header(headers[index], headers[index + 1]);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
