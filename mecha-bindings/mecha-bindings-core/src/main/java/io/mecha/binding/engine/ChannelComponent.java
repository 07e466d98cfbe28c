// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.Capabilities;
import io.mecha.binding.spi.BindingBackend;

/** One named channel: a backend, and around it the two halves that are the same on every backend. */
final class ChannelComponent implements AutoCloseable {

    private final ChannelOptions options;
    private final BindingBackend backend;
    private final ChannelStatistics statistics = new ChannelStatistics();
    private final SendingHalf sending;
    private final ReceivingHalf receiving;

    ChannelComponent(ChannelDefinition definition, EngineContext engine, SendingHalf.Factory sending) {
        this.options = definition.options();
        this.backend = definition.backend();
        this.sending = sending.create(this, engine);
        this.receiving = new ReceivingHalf(this, engine);
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

    /** Closes the backend; both halves are closed before. */
    @Override
    public void close() {
        backend.close();
    }
}
