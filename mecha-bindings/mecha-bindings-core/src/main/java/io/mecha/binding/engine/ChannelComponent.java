// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Event;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Sending;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.receive.ChannelReceiving;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codecs;
import java.lang.reflect.Type;
import java.util.List;

/** One named channel: a backend, and around it the two halves that are the same on every backend. */
final class ChannelComponent implements ChannelContext, AutoCloseable {

    private final ChannelOptions options;
    private final BindingBackend backend;
    private final ChannelStatistics statistics = new ChannelStatistics();
    private final Sending sending;
    private final ChannelReceiving receiving;
    private final Codecs codecs;

    ChannelComponent(ChannelDefinition definition, EngineContext engine, Sending.Factory sending) {
        this.options = definition.options();
        this.backend = definition.backend();
        this.sending = sending.create(this, engine);
        this.receiving = new ChannelReceiving(this, engine);
        this.codecs = engine.codecs();
    }

    @Override
    public ChannelOptions options() {
        return options;
    }

    @Override
    public BindingBackend backend() {
        return backend;
    }

    @Override
    public ChannelStatistics statistics() {
        return statistics;
    }

    @Override
    public Sending sending() {
        return sending;
    }

    @Override
    public ChannelReceiving receiving() {
        return receiving;
    }

    /** Reads the events of a message as a subscription for payloads of a type would. */
    <T> List<Event<T>> read(Message message, Type payload) {
        CodecPayload<T> type = new CodecPayload<>(payload, codecs);
        return sending.format().read(message).stream()
                .map(event -> event.read(type, 1))
                .toList();
    }

    /** Closes the backend; both halves are closed before. */
    @Override
    public void close() {
        backend.close();
    }
}
