// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.test.server.RabbitMqServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopRabbitIT {

    @Test
    void placesOrdersThroughRabbitMq(@TempDir Path directory) throws IOException {
        try (RabbitMqServer rabbit = RabbitMqServer.start(Files.createDirectory(directory.resolve("rabbitmq")));
                ShopProcess shop = ShopProcess.start(
                        directory,
                        "--spring.profiles.active=rabbitmq",
                        "--spring.rabbitmq.host=127.0.0.1",
                        "--spring.rabbitmq.port=" + rabbit.port())) {
            new ShopScript(shop.client()).run();

            new ShopScript(shop.client()).find();
            assertThat(shop.client()
                            .get("/actuator/mecha/bindings/orders")
                            .body()
                            .at("/type")
                            .asString())
                    .isEqualTo("rabbitmq");
        }
    }
}
