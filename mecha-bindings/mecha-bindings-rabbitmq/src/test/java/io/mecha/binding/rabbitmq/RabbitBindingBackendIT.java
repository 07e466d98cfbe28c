// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import io.mecha.binding.Bindings;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Leases;
import io.mecha.test.Outage;
import io.mecha.test.TcpProxy;
import io.mecha.test.binding.BindingBackendContract;
import io.mecha.test.binding.EngineSetup;
import io.mecha.test.server.RabbitMqServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RabbitBindingBackendIT extends BindingBackendContract {

    private static final Leases LEASES = new MemoryStateBackend(InstantSource.system())
            .capabilities()
            .find(Leases.class)
            .orElseThrow();

    private final KeyValueStore<byte[]> store = StateStoreComponent.builder(
                    "state", "memory", new MemoryStateBackend(InstantSource.system()), JacksonCodecs.standard())
            .build()
            .store(byte[].class);

    /** Longer than a test looks at what stays aside, and shorter than it waits for what comes back. */
    private static final Duration HOLD = Duration.ofSeconds(10);

    private static RabbitMqServer process;
    private static TcpProxy proxy;
    private static RabbitServer server;
    private static RabbitServer direct;
    private static TcpProxy freezing;
    private static RabbitServer impatient;
    private static RabbitNativeClient nativeClient;

    @BeforeAll
    static void start() throws Exception {
        process = RabbitMqServer.shared();
        proxy = new TcpProxy(process.port());
        server = TestServers.connectHolding(proxy.port(), HOLD);
        direct = TestServers.connectHolding(process.port(), HOLD);
        freezing = new TcpProxy(process.port());
        impatient = TestServers.connectImpatiently(freezing.port());
        nativeClient = new RabbitNativeClient(process.port());
    }

    @AfterAll
    static void stop() throws Exception {
        if (process != null) {
            nativeClient.close();
            server.close();
            direct.close();
            impatient.close();
            freezing.close();
            proxy.close();
        }
    }

    @Override
    protected String adapter() {
        return "rabbitmq";
    }

    @Override
    protected BindingBackend backend(String destination) {
        return RabbitBindingBackend.builder(server, destination).build();
    }

    @Override
    protected Optional<BindingBackend> anotherNode(String destination) {
        return Optional.of(RabbitBindingBackend.builder(direct, destination).build());
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(
                Outbound.class,
                Inbound.class,
                Groups.class,
                KeyOrder.class,
                Delay.class,
                Expiry.class,
                MessageIdentity.class);
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
                        ChannelOptions.of(name, RabbitBindingBackend.TYPE)
                                .withEncoding(setup.encoding())
                                .withOut(OutOptions.DEFAULT.withDelayStore(setup.delayStore())),
                        setup.backend(name))))
                .build();
        engine.start();
        return Optional.of(engine);
    }

    /** A node of which the broker hears nothing, so that it ends its connection. */
    @Override
    protected Optional<PausableNode> pausableNode(String destination) {
        BindingBackend backend =
                RabbitBindingBackend.builder(impatient, destination).build();
        return Optional.of(new PausableNode() {
            @Override
            public BindingBackend backend() {
                return backend;
            }

            @Override
            public void pause() {
                freezing.freeze();
            }

            @Override
            public void resume() {
                freezing.restore();
            }
        });
    }

    @Override
    protected Optional<NativeClient> nativeClient() {
        return Optional.of(nativeClient);
    }

    @Override
    protected boolean holdsWhatIsPutAside() {
        return false;
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(proxy);
    }

    @Override
    protected boolean waitsForFirstGroup() {
        return false;
    }
}
