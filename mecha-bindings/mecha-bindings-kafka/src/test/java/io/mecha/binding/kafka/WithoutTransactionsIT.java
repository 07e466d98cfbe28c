// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.MessageConsumer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pipes on a broker whose transactions never get ready, because their topic wants more replicas than there are brokers. */
class WithoutTransactionsIT {

    private static Broker broker;
    private static KafkaCluster cluster;

    private final String id = UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void start() {
        broker = new Broker(Map.of(
                "transaction.state.log.replication.factor", "3",
                "transaction.state.log.min.isr", "3"));
        cluster = new KafkaCluster(broker.direct());
    }

    @AfterAll
    static void stop() {
        cluster.close();
        broker.close();
    }

    private KafkaBackend backend(String topic, TransactionUse use) {
        return KafkaBackend.builder(cluster, topic + id)
                .application("pipe")
                .transactions(use)
                .build();
    }

    @Test
    void sendsAndThenAcknowledges() throws InterruptedException {
        KafkaBackend input = backend("in-", TransactionUse.AUTO);
        KafkaBackend output = backend("out-", TransactionUse.AUTO);
        Channels.send(input, "k", "one");
        Channels.send(input, "k", "two");
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        Forwarding forwarding = input.capabilities().find(Forwarding.class).orElseThrow();

        MessageConsumer consumer = Channels.receive(input, "g", 10, deliveries::addAll);
        for (int i = 0; i < 2; i++) {
            Delivery delivery = deliveries.poll(Channels.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(delivery).isNotNull();
            forwarding.forward(delivery, output, List.of(Channels.message("k", Channels.text(delivery))));
            assertThat(delivery.current()).isFalse();
        }
        consumer.close();

        assertThat(Channels.texts(output, "g", 2)).containsExactly("one", "two");
        assertThat(Channels.texts(input, "g", 0)).isEmpty();
    }

    @Test
    void doesNotOfferTransactionsThatNobodyWants() {
        assertThat(backend("none-", TransactionUse.NEVER).capabilities().find(Forwarding.class))
                .isEmpty();
    }
}
