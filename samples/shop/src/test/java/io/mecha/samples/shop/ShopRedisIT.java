// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.samples.shop.ShopClient.Answer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

class ShopRedisIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void sellsTeaFromRedis(@TempDir Path directory) throws IOException {
        int port = freePort();
        RedisServer redis = start(port);
        try (ShopProcess shop =
                ShopProcess.start(directory, "--spring.profiles.active=redis", "--spring.data.redis.port=" + port)) {
            new ShopScript(shop.client()).run();

            new ShopScript(shop.client()).find();
            assertThat(shop.client()
                            .get("/actuator/mecha/state/shop")
                            .body()
                            .at("/type")
                            .asString())
                    .isEqualTo("redis");
        } finally {
            redis.stop();
        }
    }

    @Test
    void seesWhatAnotherShopChangedPastItsNearCache(@TempDir Path directory) throws IOException {
        int port = freePort();
        RedisServer redis = start(port);
        String[] arguments = {
            "--spring.profiles.active=redis",
            "--spring.data.redis.port=" + port,
            "--mecha.state.stores.shop.near-cache.maximum-size=1000",
            "--mecha.state.stores.shop.near-cache.time-to-live=1h"
        };
        try (ShopProcess one = ShopProcess.start(directory, arguments);
                ShopProcess other = ShopProcess.start(directory, arguments)) {
            Answer read = one.client().get("/products/tea");

            Answer changed = other.client()
                    .send(
                            "PUT",
                            "/products/tea",
                            "{\"name\":\"Black tea\",\"price\":7.10,\"stock\":9}",
                            "If-Match",
                            read.etag());

            assertThat(changed.status()).isEqualTo(200);
            eventually(
                    PATIENCE,
                    () -> assertThat(one.client()
                                    .get("/products/tea")
                                    .body()
                                    .at("/name")
                                    .asString())
                            .isEqualTo("Black tea"));
        } finally {
            redis.stop();
        }
    }

    private static RedisServer start(int port) throws IOException {
        RedisServer redis = RedisServer.builder()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .build();
        redis.start();
        return redis;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
