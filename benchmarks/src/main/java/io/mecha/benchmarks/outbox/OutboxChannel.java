// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.outbox;

import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Encoding;
import io.mecha.binding.Handler;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.jdbc.JdbcBindingBackendFactory;
import io.mecha.binding.jdbc.JdbcBindingOptions;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.SigningKeys;
import io.mecha.codec.jackson.JacksonCodecs;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A channel on the broker in this JVM whose events are first kept in a database, in the transaction that sends them. */
final class OutboxChannel implements AutoCloseable {

    private static final String NAME = "orders";

    private final MemoryBroker broker = new MemoryBroker(InstantSource.system());
    private final BindingEngine engine;
    private final Sender<Order> sender;

    OutboxChannel(DataSource dataSource, Handler<Order> handler) {
        OutOptions usual = OutOptions.DEFAULT;
        OutOptions out =
                new OutOptions(null, null, null, true, null, usual.timeout(), usual.overflow(), usual.maxInFlight());
        ChannelOptions options = new ChannelOptions(
                NAME, "memory", NAME, Encoding.BINARY, null, "/shop", false, SubscriptionOptions.none(), out);
        engine = BindingEngine.builder()
                .application("shop")
                .codecs(JacksonCodecs.standard())
                .source(new Source(new JdbcBindingBackendFactory((channel, name) -> dataSource)))
                .channels(List.of(memory(options)))
                .build();
        engine.subscribe(SubscriptionSpec.of(NAME, Order.class).build(), handler);
        engine.start();
        sender = engine.sender(NAME, Order.class);
    }

    private ChannelDefinition memory(ChannelOptions options) {
        return new ChannelDefinition(
                options, broker.connect(options.name(), options.destination(), MemoryBindingOptions.defaults()));
    }

    Sender<Order> sender() {
        return sender;
    }

    @Override
    public void close() {
        engine.close();
        broker.close();
    }

    /** Makes what is not configured: dead letters in memory, the outbox in the database. */
    private final class Source implements ChannelSource {

        private final JdbcBindingBackendFactory tables;

        Source(JdbcBindingBackendFactory tables) {
            this.tables = tables;
        }

        @Override
        public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
            return Optional.of(memory(ChannelOptions.of(name, "memory")));
        }

        @Override
        public boolean isConfigured(String name) {
            return true;
        }

        @Override
        public ChannelDefinition outbox(ChannelOptions channel) {
            String name = channel.name() + ".outbox";
            return new ChannelDefinition(ChannelOptions.of(name, "jdbc"), tables.create(new Defaults(name)));
        }
    }

    /** The defaults of a table. */
    private record Defaults(String channel) implements BindingBackendFactory.Settings {

        @Override
        public String destination() {
            return channel;
        }

        @Override
        public String application() {
            return "shop";
        }

        @Override
        public <O> O options(Class<O> type) {
            return type.cast(JdbcBindingOptions.DEFAULTS);
        }

        @Override
        public Path dataDirectory() {
            return Path.of("target");
        }

        @Override
        public SigningKeys signingKeys() {
            return SigningKeys.of(null, List.of());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }
}
