// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

/** A server that wants no requests for longer than a call waits. */
class HttpHoldIT {

    private final AtomicInteger requests = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private HttpBindingBackend backend;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean first = requests.getAndIncrement() == 0;
            exchange.getResponseHeaders().set("Retry-After", "2");
            exchange.sendResponseHeaders(first ? 429 : 202, -1);
            exchange.close();
        });
        server.start();
        backend = HttpBindingBackend.builder("orders")
                .destination(
                        URI.create("http://localhost:%d/"
                                .formatted(server.getAddress().getPort())),
                        ClientHttpRequestFactoryBuilder.jdk().build())
                .maximumRetryAfter(Duration.ofSeconds(1))
                .build();
    }

    @AfterEach
    void stop() {
        backend.close();
        server.stop(0);
    }

    private Receipt send() {
        try {
            return backend.capabilities()
                    .find(Outbound.class)
                    .orElseThrow()
                    .send("1", Message.received(null, null, Map.of("id", "1"), Map.of(), null))
                    .toCompletableFuture()
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            throw (SendException) failure.getCause();
        }
    }

    @Test
    void isLeftAloneAsLongAsItSaidWhileCallsFail() {
        long start = System.nanoTime();
        assertThatExceptionOfType(SendException.class)
                .isThrownBy(this::send)
                .withMessageContaining("answered with status 429");

        eventually(Duration.ofSeconds(20), () -> {
            try {
                send();
            } catch (SendException held) {
                assertThat(held)
                        .hasMessageContaining("wants no request for another")
                        .hasMessageContaining("mecha.bindings.channels.orders.http.maximum-retry-after");
                throw new AssertionError(held);
            }
        });

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(requests).hasValue(2);
    }
}
