// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Inbound;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaInboundTests {

    private final KafkaCluster cluster = new KafkaCluster(Map.of("bootstrap.servers", "localhost:1"));

    @Test
    void knowsWhatAPatternTakes() {
        BindingBackend orders =
                KafkaBackend.builder(cluster, "orders").pattern("orders[-.].*").build();

        assertThat(receives(orders, "orders-failed")).isTrue();
        assertThat(receives(orders, "orders.dead")).isFalse();
        assertThat(receives(orders, "failed")).isFalse();
    }

    @Test
    void knowsItsTopics() {
        BindingBackend orders = KafkaBackend.builder(cluster, "orders")
                .topics(List.of("orders.v1", "orders.dead"))
                .build();

        assertThat(receives(orders, "orders.dead")).isTrue();
        assertThat(receives(orders, "orders.v2")).isFalse();
    }

    @Test
    void knowsNothingOfAnotherCluster() {
        BindingBackend orders =
                KafkaBackend.builder(cluster, "orders").pattern("orders.*").build();
        KafkaCluster other = new KafkaCluster(Map.of("bootstrap.servers", "localhost:2"));

        assertThat(inbound(orders)
                        .receivesFrom(
                                KafkaBackend.builder(other, "orders-failed").build()))
                .isFalse();
    }

    private boolean receives(BindingBackend backend, String topic) {
        return inbound(backend)
                .receivesFrom(KafkaBackend.builder(cluster, topic).build());
    }

    private static Inbound inbound(BindingBackend backend) {
        return backend.capabilities().find(Inbound.class).orElseThrow();
    }
}
