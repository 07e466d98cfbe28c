// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.UnknownChannelException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Holds the channels of an engine, and has those made that are used but not configured. */
final class ChannelRegistry {

    private final ConcurrentMap<String, ChannelComponent> components = new ConcurrentHashMap<>();
    private final ReentrantLock creation = new ReentrantLock();
    private final ChannelSource source;
    private final Function<ChannelDefinition, ChannelComponent> assembly;

    ChannelRegistry(ChannelSource source, Function<ChannelDefinition, ChannelComponent> assembly) {
        this.source = source;
        this.assembly = assembly;
    }

    void add(ChannelDefinition definition) {
        ChannelComponent component = assembly.apply(definition);
        if (components.putIfAbsent(component.name(), component) != null) {
            throw new IllegalArgumentException("There are two channels '%s'".formatted(component.name()));
        }
    }

    /**
     * Returns the channel of a name.
     *
     * @param like a channel whose type it gets if it is made now; {@code null} for the default type
     * @throws UnknownChannelException if there is none and none may be made
     */
    ChannelComponent channel(String name, @Nullable ChannelOptions like) {
        ChannelComponent present = components.get(name);
        return present == null ? create(name, like) : present;
    }

    private ChannelComponent create(String name, @Nullable ChannelOptions like) {
        creation.lock();
        try {
            ChannelComponent meanwhile = components.get(name);
            if (meanwhile != null) {
                return meanwhile;
            }
            ChannelDefinition definition =
                    source.create(name, like).orElseThrow(() -> new UnknownChannelException(name, names()));
            ChannelComponent created = assembly.apply(definition);
            components.put(name, created);
            return created;
        } finally {
            creation.unlock();
        }
    }

    Set<String> names() {
        return new TreeSet<>(components.keySet());
    }

    /** Returns the channels that are there now, in order of their names. */
    List<ChannelComponent> all() {
        Collection<ChannelComponent> all = components.values();
        return all.stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }
}
