// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.Capabilities;
import io.mecha.binding.Event;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codecs;
import java.lang.reflect.Type;
import java.util.List;

/** One named channel: a backend, and around it the two halves that are the same on every backend. */
final class ChannelComponent implements AutoCloseable {

    private final ChannelOptions options;
    private final BindingBackend backend;
    private final ChannelStatistics statistics = new ChannelStatistics();
    private final SendingHalf sending;
    private final ReceivingHalf receiving;
    private final Codecs codecs;

    ChannelComponent(ChannelDefinition definition, EngineContext engine, SendingHalf.Factory sending) {
        this.options = definition.options();
        this.backend = definition.backend();
        this.sending = sending.create(this, engine);
        this.receiving = new ReceivingHalf(this, engine);
        this.codecs = engine.codecs();
    }

    String name() {
        return options.name();
    }

    ChannelOptions options() {
        return options;
    }

    BindingBackend backend() {
        return backend;
    }

    Capabilities capabilities() {
        return backend.capabilities();
    }

    ChannelStatistics statistics() {
        return statistics;
    }

    SendingHalf sending() {
        return sending;
    }

    ReceivingHalf receiving() {
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
