// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

class ShopKafkaIT {

    @Test
    void placesOrdersThroughKafka(@TempDir Path directory) {
        EmbeddedKafkaKraftBroker kafka = new EmbeddedKafkaKraftBroker(1, 1);
        kafka.brokerProperties(Map.of(
                "group.initial.rebalance.delay.ms", "0",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1"));
        kafka.afterPropertiesSet();
        try (ShopProcess shop = ShopProcess.start(
                directory,
                "--spring.profiles.active=kafka",
                "--spring.kafka.bootstrap-servers=" + kafka.getBrokersAsString())) {
            new ShopScript(shop.client()).run();

            new ShopScript(shop.client()).find();
            assertThat(shop.client()
                            .get("/actuator/mecha/bindings/orders")
                            .body()
                            .at("/type")
                            .asString())
                    .isEqualTo("kafka");
        } finally {
            kafka.destroy();
        }
    }
}
