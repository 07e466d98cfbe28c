// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.BatchHandler;
import io.mecha.binding.Encoding;
import io.mecha.binding.Handler;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.kafka.KafkaBackend;
import io.mecha.binding.kafka.KafkaCluster;
import io.mecha.codec.jackson.JacksonCodecs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/** A channel of orders over a topic, with defaults. */
final class KafkaChannel implements AutoCloseable {

    private static final String TYPE = "kafka";

    private final String topic;
    private final Encoding encoding;
    private final KafkaCluster cluster;
    private final BindingEngine engine;

    KafkaChannel(Topics topics, String topic) {
        this(topics, topic, Encoding.BINARY);
    }

    KafkaChannel(Topics topics, String topic, Encoding encoding) {
        this.topic = topic;
        this.encoding = encoding;
        this.cluster = new KafkaCluster(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, topics.servers()));
        this.engine = BindingEngine.builder()
                .application("shop")
                .codecs(JacksonCodecs.standard())
                .channels(List.of(channel(topic)))
                .source(ChannelSource.of(this::channel))
                .build();
        engine.start();
    }

    private ChannelDefinition channel(String name) {
        return new ChannelDefinition(
                ChannelOptions.of(name, TYPE).withEncoding(encoding),
                KafkaBackend.builder(cluster, name).application("shop").build());
    }

    Sender<Order> sender() {
        return engine.sender(topic, Order.class);
    }

    KafkaChannel handle(SubscriptionOptions options, Handler<Order> handler) {
        engine.subscribe(spec(options), handler);
        return this;
    }

    KafkaChannel handleBatches(SubscriptionOptions options, BatchHandler<Order> handler) {
        engine.subscribeBatch(spec(options), handler);
        return this;
    }

    private SubscriptionSpec<Order> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of(topic, Order.class).options(options).build();
    }

    @Override
    public void close() {
        engine.close();
        cluster.close();
    }
}
