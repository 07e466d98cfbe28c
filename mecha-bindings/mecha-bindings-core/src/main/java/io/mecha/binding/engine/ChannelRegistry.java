// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.UnknownChannelException;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelDirectory;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.ReplyNames;
import io.mecha.binding.receive.DeadLetters;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The channels of an engine; those that are used but not configured are made at their first use.
 *
 * <p>A channel that serves another one (its dead letter, or {@code .dead} or {@code .replies} after its name) is made like that one,
 * for all that ask for it.
 */
final class ChannelRegistry implements ChannelDirectory {

    private static final List<String> SERVING = List.of(DeadLetters.SUFFIX, ReplyNames.SUFFIX);

    private final ConcurrentMap<String, ChannelComponent> components = new ConcurrentHashMap<>();
    private final ReentrantLock creation = new ReentrantLock();
    private final ChannelSource source;
    private final Function<ChannelDefinition, ChannelComponent> assembly;
    private final Set<String> configured = ConcurrentHashMap.newKeySet();

    ChannelRegistry(ChannelSource source, Function<ChannelDefinition, ChannelComponent> assembly) {
        this.source = source;
        this.assembly = assembly;
    }

    void add(ChannelDefinition definition) {
        ChannelComponent component = assembly.apply(definition);
        if (components.putIfAbsent(component.name(), component) != null) {
            throw new IllegalArgumentException("There are two channels '%s'".formatted(component.name()));
        }
        configured.add(component.name());
    }

    @Override
    public boolean isConfigured(String name) {
        return configured.contains(name) || source.isConfigured(name);
    }

    @Override
    public ChannelComponent channel(String name, @Nullable ChannelOptions like) {
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
            ChannelOptions served = source.isConfigured(name) ? null : served(name);
            ChannelDefinition definition = source.create(name, served == null ? like : served)
                    .orElseThrow(() -> new UnknownChannelException(name, names()));
            ChannelComponent created = assembly.apply(definition);
            components.put(name, created);
            return created;
        } finally {
            creation.unlock();
        }
    }

    /** Finds the settings of the channel that a channel serves, by its name or by the configuration; {@code null} if there is none. */
    private @Nullable ChannelOptions served(String name) {
        for (String suffix : SERVING) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                String origin = name.substring(0, name.length() - suffix.length());
                ChannelComponent present = components.get(origin);
                if (present == null && source.isConfigured(origin)) {
                    present = create(origin, null);
                }
                return present == null ? served(origin) : present.options();
            }
        }
        return all().stream()
                .map(ChannelComponent::options)
                .filter(options -> name.equals(options.in().deadLetter().orElse(null)))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Set<String> names() {
        return new TreeSet<>(components.keySet());
    }

    @Override
    public List<ChannelComponent> all() {
        Collection<ChannelComponent> all = components.values();
        return all.stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }
}
