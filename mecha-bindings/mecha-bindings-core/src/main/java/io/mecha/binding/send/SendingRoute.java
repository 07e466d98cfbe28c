// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.Capabilities;
import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.PageRequest;
import io.mecha.PropertyNames;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.Closing;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.Outbound;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.KeyValueStore;
import io.mecha.state.MissingCapabilityException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a sender to a backend, over what keeps messages in between.
 *
 * @param backend sends to the backend itself; {@code null} if it only receives
 * @param first takes what is sent
 * @param outbox keeps events in the application's database, or {@code null}
 * @param transaction the transaction that what is sent may join, or {@code null}
 * @param relay takes them out again, or {@code null}
 * @param queue keeps delayed events, or {@code null}
 * @param nativeDelay the longest delay that needs no queue
 */
record SendingRoute(
        ChannelOptions channel,
        @Nullable Outbound backend,
        @Nullable Outbound first,
        @Nullable BindingBackend outbox,
        @Nullable SurroundingTransaction transaction,
        @Nullable OutboxRelay relay,
        @Nullable DelayQueue queue,
        Duration nativeDelay,
        int maximumBodySize) {

    /**
     * Lays the way out.
     *
     * @throws InvalidConfigurationException if the channel asks for what its backend or its stores cannot give
     */
    static SendingRoute of(ChannelContext component, EngineContext engine) {
        ChannelOptions channel = component.options();
        Outbound backend = component
                .capabilities()
                .find(Outbound.class)
                .map(outbound -> DeclaringOutbound.around(component, engine, outbound))
                .orElse(null);
        if (backend == null) {
            return new SendingRoute(channel, null, null, null, null, null, null, Duration.ZERO, Integer.MAX_VALUE);
        }
        Capabilities capabilities = component.capabilities();
        Outbound first = backend;
        BindingBackend outbox = null;
        OutboxRelay relay = null;
        int maximum = backend.maximumBodySize();
        if (channel.out().outbox()) {
            outbox = engine.source().outbox(channel).backend();
            capabilities = outbox.capabilities();
            first = require(channel, capabilities, Outbound.class);
            require(channel, capabilities, KeyOrder.class);
            relay = new OutboxRelay(component, engine, require(channel, capabilities, Inbound.class), backend);
            maximum = Math.min(maximum, first.maximumBodySize());
        }
        Duration nativeDelay =
                capabilities.find(Delay.class).map(Delay::maximum).orElse(Duration.ZERO);
        DelayQueue queue = null;
        String store = channel.out().delayStore();
        if (store != null) {
            queue = new DelayQueue(component, engine, store, first, nativeDelay);
            first = queue;
        }
        SurroundingTransaction transaction =
                capabilities.find(SurroundingTransaction.class).orElse(null);
        return new SendingRoute(channel, backend, first, outbox, transaction, relay, queue, nativeDelay, maximum);
    }

    private static <C> C require(ChannelOptions channel, Capabilities capabilities, Class<C> capability) {
        return capabilities
                .find(capability)
                .orElseThrow(() -> new InvalidConfigurationException(List.of(new Mistake(
                        "MECHA-B143",
                        PropertyNames.channel(channel.name(), "out.outbox"),
                        "The outbox of channel '%s' does not offer %s."
                                .formatted(channel.name(), capability.getSimpleName()),
                        "Use the outbox of type jdbc, or switch it off."))));
    }

    /**
     * Checks a delay.
     *
     * @throws InvalidEventException if nothing can keep an event that long
     */
    void checkDelay(Duration delay) {
        if (queue == null && delay.compareTo(nativeDelay) > 0) {
            throw InvalidEventException.unusable(
                    channel.name(),
                    nativeDelay.isZero()
                            ? "type '%s' cannot delay it".formatted(channel.type())
                            : "type '%s' can delay it by %s at most".formatted(channel.type(), nativeDelay),
                    "Name a state store in %s.".formatted(PropertyNames.channel(channel.name(), "out.delay-store")));
        }
    }

    void start() {
        if (backend instanceof DeclaringOutbound declaring) {
            declaring.start();
        }
        if (queue != null) {
            requireKeyScan(queue.store());
            queue.start();
        }
        if (relay != null) {
            relay.start();
        }
    }

    private void requireKeyScan(KeyValueStore<byte[]> store) {
        try {
            store.keys("delay/", PageRequest.first(1));
        } catch (MissingCapabilityException missing) {
            throw new InvalidConfigurationException(
                    List.of(new Mistake(
                            "MECHA-B144",
                            PropertyNames.channel(channel.name(), "out.delay-store"),
                            "State store '%s' cannot list keys, as delayed events of channel '%s' need."
                                    .formatted(store.name(), channel.name()),
                            "Name a store of a type that can.")),
                    missing);
        } catch (MechaException unreachable) {
            // The queue tries again by itself; an application starts without its store.
            return;
        }
    }

    void close() {
        Closing closing = new Closing();
        if (relay != null) {
            closing.run(relay::close);
        }
        if (queue != null) {
            closing.run(queue::close);
        }
        if (outbox != null) {
            closing.run(outbox::close);
        }
        closing.end();
    }
}
