// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.channel;

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
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.codec.jackson.JacksonCodecs;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/** A channel of orders on the broker in this JVM, with one handler. */
final class MemoryChannel implements AutoCloseable {

    private static final String NAME = "orders";
    private static final String TYPE = "memory";

    private final MemoryBroker broker = new MemoryBroker(InstantSource.system());
    private final BindingEngine engine;
    private final Sender<Order> sender;

    /**
     * Opens a channel that hands out the order itself that was sent.
     *
     * @param synchronous whether the handler runs on the thread of the sender
     */
    MemoryChannel(boolean synchronous, Handler<Order> handler) {
        this(synchronous, true, handler, engine -> engine);
    }

    private MemoryChannel(
            boolean synchronous,
            boolean immutableValues,
            Handler<Order> handler,
            UnaryOperator<BindingEngine.Builder> observing) {
        ChannelOptions options = new ChannelOptions(
                NAME,
                TYPE,
                NAME,
                Encoding.BINARY,
                null,
                "/shop",
                immutableValues,
                SubscriptionOptions.none(),
                OutOptions.DEFAULT);
        MemoryBindingOptions memory = new MemoryBindingOptions(null, synchronous);
        engine = observing
                .apply(BindingEngine.builder())
                .application("shop")
                .codecs(JacksonCodecs.standard())
                .channels(List.of(new ChannelDefinition(options, broker.connect(NAME, NAME, memory))))
                .source(ChannelSource.of(name -> new ChannelDefinition(
                        ChannelOptions.of(name, TYPE), broker.connect(name, name, MemoryBindingOptions.defaults()))))
                .build();
        engine.subscribe(SubscriptionSpec.of(NAME, Order.class).build(), handler);
        engine.start();
        sender = engine.sender(NAME, Order.class);
    }

    /** Opens a synchronous channel that writes and reads each order, as one to another process does. */
    static MemoryChannel ofBytes(Handler<Order> handler) {
        return new MemoryChannel(true, false, handler, engine -> engine);
    }

    /** Opens a synchronous channel with an observation around each send and each handler, of which Micrometer makes meters. */
    static MemoryChannel observedForMeters(Handler<Order> handler) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
        return new MemoryChannel(true, true, handler, engine -> engine.observations(registry));
    }

    /** Opens a synchronous channel that measures each send and each handler, as with Actuator and without a tracer. */
    static MemoryChannel metered(Handler<Order> handler) {
        return new MemoryChannel(true, true, handler, engine -> engine.meters(new SimpleMeterRegistry()));
    }

    Sender<Order> sender() {
        return sender;
    }

    @Override
    public void close() {
        engine.close();
        broker.close();
    }
}
