// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.codec.GenericType;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStores;
import io.mecha.state.UnknownStateStoreException;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stores of an application by name, including those that are created on use without being configured.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public final class StateStoreRegistry implements StateStores, AutoCloseable {

    private final Map<String, StateStoreComponent> components = new ConcurrentHashMap<>();
    private final Set<String> configured;
    private final @Nullable Function<String, StateStoreComponent> undeclared;
    // Creating a store may open files, so a lock and not the monitor of computeIfAbsent.
    private final Lock creation = new ReentrantLock();

    /**
     * Create a registry.
     *
     * @param configured the stores that are there from the start
     * @param undeclared creates the store of a name that is used without being configured; {@code null} to refuse it
     */
    public StateStoreRegistry(
            Collection<StateStoreComponent> configured, @Nullable Function<String, StateStoreComponent> undeclared) {
        configured.forEach(component -> components.put(component.name(), component));
        this.configured = Collections.unmodifiableSet(new TreeSet<>(components.keySet()));
        this.undeclared = undeclared;
    }

    @Override
    public <V> KeyValueStore<V> store(String name, Class<V> type) {
        return component(name).store(type);
    }

    @Override
    public <V> KeyValueStore<V> store(String name, GenericType<V> type) {
        return component(name).store(type);
    }

    @Override
    public KeyValueStore<?> store(String name, Type type) {
        return component(name).store(type);
    }

    @Override
    public Set<String> names() {
        return new TreeSet<>(components.keySet());
    }

    /**
     * Return the store of a name.
     *
     * @param name the name
     * @return the store, created now if it was not configured
     * @throws UnknownStateStoreException if it was not configured and must be
     */
    public StateStoreComponent component(String name) {
        StateStoreComponent present = components.get(name);
        if (present != null) {
            return present;
        }
        if (undeclared == null) {
            throw new UnknownStateStoreException(name, names());
        }
        creation.lock();
        try {
            StateStoreComponent meanwhile = components.get(name);
            if (meanwhile != null) {
                return meanwhile;
            }
            StateStoreComponent created = undeclared.apply(name);
            components.put(name, created);
            return created;
        } finally {
            creation.unlock();
        }
    }

    /**
     * Return the names of the stores that were there from the start.
     *
     * @return names in order, without those that were created on use
     */
    public Set<String> configured() {
        return configured;
    }

    /**
     * Return the stores that are there now.
     *
     * @return a copy, in order of their names
     */
    public List<StateStoreComponent> components() {
        return names().stream().map(this::component).toList();
    }

    /** Close every store. */
    @Override
    public void close() {
        components.values().forEach(StateStoreComponent::close);
    }
}
