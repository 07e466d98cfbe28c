// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.samples.shop.ShopClient.Answer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/** A shop opens while its store is away, says so, and sells once the store is there. */
@Order(1) // waits longest
class ShopOutageIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String HONEY = "{\"name\":\"Honey\",\"price\":5.50,\"stock\":4}";

    @Test
    void opensBeforeRedis(@TempDir Path directory) throws IOException {
        int port = freePort();
        try (ShopProcess shop =
                ShopProcess.start(directory, "--spring.profiles.active=redis", "--spring.data.redis.port=" + port)) {
            assertClosed(shop.client());
            RedisServer redis =
                    RedisServer.builder().port(port).setting("bind 127.0.0.1").build();
            redis.start();
            try {
                assertOpen(shop.client());
            } finally {
                redis.stop();
            }
        }
    }

    @Test
    void opensBeforePostgres(@TempDir Path directory) throws IOException {
        int port = freePort();
        try (ShopProcess shop = ShopProcess.start(
                directory,
                "--spring.profiles.active=postgresql",
                "--spring.datasource.url=jdbc:postgresql://localhost:%d/postgres".formatted(port),
                "--spring.datasource.username=postgres")) {
            assertClosed(shop.client());
            try (EmbeddedPostgres postgres =
                    EmbeddedPostgres.builder().setPort(port).start()) {
                assertThat(postgres.getPort()).isEqualTo(port);
                assertOpen(shop.client());
            }
        }
    }

    private static void assertClosed(ShopClient shop) {
        Answer products = shop.get("/products");
        Answer health = shop.get("/actuator/health");

        assertThat(products.status()).isEqualTo(503);
        assertThat(products.body().at("/code").asString()).startsWith("MECHA-S");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.body().at("/status").asString()).isEqualTo("DOWN");
    }

    private static void assertOpen(ShopClient shop) {
        eventually(
                PATIENCE,
                () -> assertThat(shop.send("PUT", "/products/honey", HONEY).status())
                        .isIn(201, 412)); // not there, or there since an attempt whose answer was lost
        eventually(
                PATIENCE,
                () -> assertThat(shop.get("/actuator/health").status()).isEqualTo(200));
        assertThat(shop.get("/products/honey").body().at("/stock").asInt()).isEqualTo(4);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
