// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.state.memory.TransactionScope;
import org.jspecify.annotations.Nullable;

/** A factory of channels in memory; not a bean, since the application has a factory of this type already. */
record TestChannels(
        BindingBackendFactory memory,
        SentEvents sent,
        @Nullable TransactionScope scope) implements BindingBackendFactory {

    @Override
    public String type() {
        return memory.type();
    }

    @Override
    public BindingBackend create(Settings settings) {
        return new TestChannel(memory.create(settings), settings.channel(), sent, scope);
    }
}
