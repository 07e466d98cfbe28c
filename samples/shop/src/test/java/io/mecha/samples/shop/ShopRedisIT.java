// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

class ShopRedisIT {

    @Test
    void sellsTeaFromRedis(@TempDir Path directory) throws IOException {
        int port = freePort();
        RedisServer redis = RedisServer.builder()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .build();
        redis.start();
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
