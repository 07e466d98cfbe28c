// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels that receive from more than one topic. */
class KafkaTopicsIT {

    private static Broker broker;
    private static KafkaCluster cluster;

    private final String base = "t" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        cluster = new KafkaCluster(broker.direct());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void receivesFromSeveralTopics(GroupProtocol protocol) {
        KafkaBackend several = builder(base)
                .topics(List.of(base + ".a", base + ".b"))
                .groupProtocol(protocol)
                .build();
        send(base + ".a", "1");
        send(base + ".b", "2");

        receives(several, "1", "2");
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void receivesFromTopicsThatMatchAndNotFromItsOwnDeadLetters(GroupProtocol protocol) {
        KafkaBackend matching =
                builder(base).pattern(base + "\\..*").groupProtocol(protocol).build();
        send(base + ".a", "1");
        send(base + ".dead", "dead");
        send(base + ".dead.dead", "dead");
        send(base + ".deadline", "2");
        send("other-" + base + ".a", "other");

        receives(matching, "1", "2");
    }

    private void receives(KafkaBackend backend, String... texts) {
        assertThat(backend.capabilities().find(Outbound.class)).isEmpty();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        MessageConsumer consumer = Channels.receive(
                backend,
                "topics",
                10,
                deliveries -> deliveries.forEach(delivery -> {
                    seen.add(Channels.text(delivery));
                    delivery.acknowledge();
                }));
        eventually(Channels.PATIENCE, () -> {
            assertThat(seen).containsExactlyInAnyOrder(texts);
            assertThat(backend.capabilities().find(Groups.class).orElseThrow().lag("topics"))
                    .hasValue(0);
        });
        consumer.close();
    }

    @Test
    void refusesNamesAndPatternsThatAreNone() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> builder(base).topics(List.of("a", "")));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> builder(base).pattern("(").build());
    }

    private static KafkaBackend.Builder builder(String channel) {
        return KafkaBackend.builder(cluster, channel)
                .application("topics")
                .topicCreation(new TopicCreation(true, 2, null, Map.of()));
    }

    private static void send(String topic, String text) {
        Channels.send(builder(topic).build(), "k", text);
    }
}
