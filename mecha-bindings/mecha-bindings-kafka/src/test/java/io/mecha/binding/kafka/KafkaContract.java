// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.Bindings;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Retention;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Leases;
import io.mecha.test.Outage;
import io.mecha.test.binding.BindingBackendContract;
import io.mecha.test.binding.EngineSetup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The contract on one broker, with the clients of several nodes. */
abstract class KafkaContract extends BindingBackendContract {

    private static final Leases LEASES = new MemoryStateBackend(InstantSource.system())
            .capabilities()
            .find(Leases.class)
            .orElseThrow();

    private final KeyValueStore<byte[]> store = StateStoreComponent.builder(
                    "state", "memory", new MemoryStateBackend(InstantSource.system()), JacksonCodecs.standard())
            .build()
            .store(byte[].class);

    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(4);

    abstract Nodes nodes();

    abstract GroupProtocol protocol();

    /** A broker, and the clients of its nodes; only the way of the first one to the broker may break. */
    record Nodes(Broker broker, KafkaCluster proxied, KafkaCluster direct, KafkaCluster impatient) {

        static Nodes start() {
            Broker broker = new Broker();
            Map<String, Object> restless = new HashMap<>(broker.proxied());
            restless.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
            restless.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
            restless.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 4_000);
            Map<String, Object> hurried = new HashMap<>(broker.direct());
            hurried.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1_500);
            return new Nodes(
                    broker, new KafkaCluster(restless), new KafkaCluster(broker.direct()), new KafkaCluster(hurried));
        }

        void close() {
            proxied.close();
            direct.close();
            impatient.close();
            broker.close();
        }
    }

    @Override
    protected BindingBackend backend(String destination) {
        return backend(nodes().proxied(), destination);
    }

    @Override
    protected Optional<BindingBackend> anotherNode(String destination) {
        return Optional.of(backend(nodes().direct(), destination));
    }

    @Override
    protected Optional<PausableNode> pausableNode(String destination) {
        return Optional.of(new PausedNode(backend(nodes().impatient(), destination)));
    }

    private BindingBackend backend(KafkaCluster cluster, String destination) {
        return KafkaBackend.builder(cluster, destination)
                .application("contract")
                .groupProtocol(protocol())
                .sendTimeout(SEND_TIMEOUT)
                .revokeTimeout(Duration.ofMillis(500))
                .build();
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(
                Outbound.class,
                Inbound.class,
                Groups.class,
                KeyOrder.class,
                AttemptMemory.class,
                Forwarding.class,
                MessageIdentity.class,
                Retention.class);
    }

    @Override
    protected int mostPutAside() {
        return 100;
    }

    @Override
    protected Optional<KeyValueStore<byte[]>> store() {
        return Optional.of(store);
    }

    @Override
    protected Optional<Bindings> engine(EngineSetup setup) {
        BindingEngine engine = BindingEngine.builder()
                .application(setup.application())
                .node(setup.node())
                .clock(setup.clock())
                .codecs(JacksonCodecs.standard())
                .stores(setup.stores())
                .leases(name -> LEASES)
                .source(ChannelSource.of(name -> new ChannelDefinition(
                        ChannelOptions.of(name, Failures.TYPE)
                                .withEncoding(setup.encoding())
                                .withOut(OutOptions.DEFAULT.withDelayStore(setup.delayStore())),
                        setup.backend(name))))
                .build();
        engine.start();
        return Optional.of(engine);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(nodes().broker().proxy());
    }

    @Override
    protected Optional<NativeClient> nativeClient() {
        return Optional.of(new KafkaNativeClient(nodes().broker().direct()));
    }

    @Override
    protected boolean countsAttempts() {
        return false;
    }

    @Override
    protected Duration timeToFail() {
        return Duration.ofSeconds(15);
    }
}
