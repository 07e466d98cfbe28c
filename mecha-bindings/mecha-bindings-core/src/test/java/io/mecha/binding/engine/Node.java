// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Encoding;
import io.mecha.binding.Overflow;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.send.ChannelSending;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.SigningKeys;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Timers;
import io.mecha.state.KeyValueStore;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Leases;
import io.mecha.test.TestClock;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What sends on one node: the sending half of a channel with a real clock for threads and a test clock for everything else. */
final class Node implements AutoCloseable {

    final TestClock clock;
    final Timers timers;
    final ChannelComponent channel;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<ChannelComponent> others = new ArrayList<>();

    private Node(Builder builder) {
        this.clock = builder.clock;
        this.timers = new Timers("timers", ElapsedTime.of(clock));
        ChannelSource source = new ConnectingSource(builder);
        EngineContext[] context = new EngineContext[1];
        ChannelRegistry registry = new ChannelRegistry(source, definition -> {
            ChannelComponent component = new ChannelComponent(definition, context[0], ChannelSending::new);
            others.add(component);
            return component;
        });
        context[0] = new EngineContext(
                "application",
                builder.node,
                JacksonCodecs.standard(),
                clock,
                builder.observations,
                null,
                builder.stores,
                name -> builder.leases(),
                null,
                source,
                timers,
                workers,
                workers,
                registry,
                new Marks(SigningKeys.of(null, List.of())));
        this.channel = new ChannelComponent(
                new ChannelDefinition(builder.options(), builder.backend), context[0], ChannelSending::new);
    }

    static Builder on(BindingBackend backend) {
        return new Builder(backend);
    }

    ChannelStatistics statistics() {
        return channel.statistics();
    }

    @SuppressWarnings("unchecked")
    <T> Sender<T> sender(Class<T> type) {
        return (Sender<T>) channel.sending().sender(type);
    }

    @Override
    public void close() {
        others.forEach(component -> component.sending().close());
        channel.sending().close();
        timers.close();
        workers.shutdownNow();
    }

    /** Makes the channel for replies and the outbox. */
    private record ConnectingSource(Builder builder) implements ChannelSource {

        @Override
        public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
            return Optional.of(new ChannelDefinition(
                    Channels.options(name, builder.encoding, builder.immutableValues), builder.connect.apply(name)));
        }

        @Override
        public boolean isConfigured(String name) {
            return true;
        }

        @Override
        public ChannelDefinition outbox(ChannelOptions options) {
            return new ChannelDefinition(
                    ChannelOptions.of(options.name() + ".outbox", "jdbc"), builder.connect.apply("outbox"));
        }
    }

    /** Collects what a node is made of. */
    static final class Builder {

        private final BindingBackend backend;
        private TestClock clock = new TestClock();
        private String node = "node-1";
        private Encoding encoding = Encoding.BINARY;
        private @Nullable String mediaType;
        private boolean immutableValues;
        private @Nullable Leases leases;
        private @Nullable String key;
        private @Nullable String type;
        private @Nullable Duration timeToLive;
        private boolean outbox;
        private boolean delays;
        private Duration timeout = Duration.ofSeconds(10);
        private Overflow overflow = Overflow.BLOCK;
        private int maxInFlight = 100;
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private Function<String, KeyValueStore<byte[]>> stores = name -> {
            throw new IllegalArgumentException(name);
        };
        private Function<String, BindingBackend> connect = name -> {
            throw new IllegalArgumentException(name);
        };

        private Builder(BindingBackend backend) {
            this.backend = backend;
        }

        Builder clock(TestClock clock) {
            this.clock = clock;
            return this;
        }

        Builder node(String node) {
            this.node = node;
            return this;
        }

        Builder encoding(Encoding encoding) {
            this.encoding = encoding;
            return this;
        }

        Builder mediaType(String mediaType) {
            this.mediaType = mediaType;
            return this;
        }

        Builder key(String key) {
            this.key = key;
            return this;
        }

        Builder type(String type) {
            this.type = type;
            return this;
        }

        Builder timeToLive(Duration timeToLive) {
            this.timeToLive = timeToLive;
            return this;
        }

        Builder outbox(BindingBackend outboxBackend) {
            this.outbox = true;
            this.connect = name -> outboxBackend;
            return this;
        }

        /** Says what the leases of the store are; otherwise this node has some of its own. */
        Builder leases(Leases shared) {
            this.leases = shared;
            return this;
        }

        private Leases leases() {
            return leases != null
                    ? leases
                    : new MemoryStateBackend(clock)
                            .capabilities()
                            .find(Leases.class)
                            .orElseThrow();
        }

        Builder delayStore(KeyValueStore<byte[]> store) {
            this.delays = true;
            this.stores = name -> store;
            return this;
        }

        Builder connect(Function<String, BindingBackend> connect) {
            this.connect = connect;
            return this;
        }

        Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        Builder overflow(Overflow overflow, int maxInFlight) {
            this.overflow = overflow;
            this.maxInFlight = maxInFlight;
            return this;
        }

        Builder observations(ObservationRegistry observations) {
            this.observations = observations;
            return this;
        }

        Node build() {
            return new Node(this);
        }

        private ChannelOptions options() {
            return new ChannelOptions(
                    "orders",
                    "fake",
                    "orders",
                    encoding,
                    mediaType,
                    "/shop",
                    immutableValues,
                    SubscriptionOptions.none(),
                    new OutOptions(
                            key, type, timeToLive, outbox, delays ? "delays" : null, timeout, overflow, maxInFlight));
        }
    }
}
