// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.codec.jackson.JacksonCodecs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What handlers see of Kafka. */
class KafkaHandlerIT {

    private static Broker broker;
    private static KafkaCluster cluster;

    private final String topic = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final BindingEngine engine = BindingEngine.builder()
            .application("handlers")
            .node("node")
            .codecs(JacksonCodecs.standard())
            .source(ChannelSource.of(name -> new ChannelDefinition(
                    ChannelOptions.of(name, Failures.TYPE),
                    KafkaBackend.builder(cluster, name)
                            .application("handlers")
                            .topicCreation(new TopicCreation(true, 1, null, Map.of()))
                            .build())))
            .build();

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        cluster = new KafkaCluster(broker.direct());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    @Test
    void sendsAndReceivesTombstonesAndTellsWhereARecordWas() {
        engine.start();
        Queue<Event<String>> handled = new ConcurrentLinkedQueue<>();
        engine.subscribe(SubscriptionSpec.of(topic, String.class).build(), event -> {
            handled.add(event);
            return Outcome.ack();
        });
        Instant before = Instant.ofEpochMilli(System.currentTimeMillis());

        engine.sender(topic, String.class).send("text");
        engine.sender(topic, String.class)
                .send(Event.<String>builder().type("removed").key("k").build());

        eventually(Channels.PATIENCE, () -> assertThat(handled).hasSize(2));
        Event<String> first = handled.remove();
        Event<String> tombstone = handled.remove();
        assertThat(tombstone.payload()).isEmpty();
        assertThat(tombstone.key()).contains("k");
        assertThat(first.transport()).containsAllEntriesOf(Map.of("topic", topic, "partition", "0", "offset", "0"));
        assertThat(Instant.ofEpochMilli(Long.parseLong(first.transport().get("timestamp"))))
                .isAfterOrEqualTo(before);
        assertThat(tombstone.transport()).containsEntry("offset", "1");
        assertThat(first.toBuilder().build().transport()).isEmpty();
        List<List<String>> records =
                new KafkaNativeClient(broker.direct()).watch(topic).get();
        assertThat(records.get(0)).doesNotContain("no value");
        assertThat(records.get(1)).contains("no value", "key 6b");
    }
}
