// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.MessageIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** By what records of programs that do not know Mecha are known. */
class KafkaIdentityIT {

    private static final long TIMESTAMP = 1_700_000_000_123L;

    private static Broker broker;
    private static KafkaCluster cluster;

    private final String topic = "t" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        cluster = new KafkaCluster(broker.direct());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void knowsARecordAgainAndTellsItFromThatOfATopicMadeAnew() throws InterruptedException {
        send();
        MessageIdentity.Identity first = receive("identity");
        MessageIdentity.Identity again = receive("identity");

        makeAnew();
        send();
        MessageIdentity.Identity other = receive("other-identity");

        assertThat(again).isEqualTo(first);
        assertThat(first.source()).isEqualTo("kafka:" + topic);
        assertThat(first.time()).isEqualTo(Instant.ofEpochMilli(TIMESTAMP));
        assertThat(first.id()).endsWith("-0-0-" + TIMESTAMP);
        assertThat(other.id()).endsWith("-0-0-" + TIMESTAMP).isNotEqualTo(first.id());
    }

    private void send() {
        Topic prepared = new Topic(cluster::admin, topic, topic, new TopicCreation(true, 1, null, Map.of()));
        prepared.prepare(Channels.PATIENCE);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(broker.direct(), new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(topic, 0, TIMESTAMP, null, new byte[] {1}));
        }
    }

    /** Receives the only record, and goes without acknowledging it. */
    private MessageIdentity.Identity receive(String group) throws InterruptedException {
        KafkaBackend backend =
                KafkaBackend.builder(cluster, topic).application("identity").build();
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        MessageConsumer consumer = Channels.receive(backend, group, 1, deliveries::addAll);
        try {
            Delivery delivery = deliveries.poll(Channels.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(delivery).isNotNull();
            MessageIdentity.Identity identity = backend.capabilities()
                    .find(MessageIdentity.class)
                    .orElseThrow()
                    .of(delivery);
            assertThat(identity).isNotNull();
            return identity;
        } finally {
            consumer.close();
        }
    }

    private void makeAnew() {
        KafkaCluster.await(cluster.admin().deleteTopics(List.of(topic)).all(), Duration.ofSeconds(30));
        eventually(
                Channels.PATIENCE,
                () -> assertThat(KafkaCluster.await(cluster.admin().listTopics().names(), Duration.ofSeconds(10)))
                        .doesNotContain(topic));
    }
}
