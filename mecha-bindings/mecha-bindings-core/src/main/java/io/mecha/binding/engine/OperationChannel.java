// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Channel;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.spi.Operations;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations of a channel. */
final class OperationChannel implements Channel {

    private final String name;
    private final @Nullable Operations operations;

    OperationChannel(ChannelContext channel) {
        this.name = channel.name();
        this.operations = channel.capabilities().find(Operations.class).orElse(null);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<String> operations() {
        return operations == null ? Set.of() : operations.names();
    }

    @Override
    public byte[] invoke(String operation, byte[] data, Map<String, String> metadata) {
        if (operations == null || !operations.names().contains(operation)) {
            throw InvalidEventException.operation(name, operation, operations());
        }
        return operations.invoke(operation, data, metadata);
    }
}
