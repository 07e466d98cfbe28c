// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The capabilities of a backend beyond the core contract, as typed handles.
 *
 * <p>The handle is the declaration: a capability without a handle is absent. Immutable.
 *
 * @since 1.0
 */
public final class Capabilities {

    private static final Capabilities NONE = new Capabilities(Map.of());

    private final Map<Class<?>, Object> handles;

    private Capabilities(Map<Class<?>, Object> handles) {
        this.handles = handles;
    }

    /**
     * Return the empty set of capabilities.
     *
     * @return capabilities without any handle
     */
    public static Capabilities none() {
        return NONE;
    }

    /**
     * Add a capability or replace its handle.
     *
     * @param <C> the capability
     * @param type interface that names the capability
     * @param handle what the capability is used through
     * @return a copy with the capability
     */
    public <C> Capabilities with(Class<C> type, C handle) {
        Map<Class<?>, Object> copy = new LinkedHashMap<>(handles);
        copy.put(type, type.cast(Objects.requireNonNull(handle, "handle")));
        return new Capabilities(copy);
    }

    /**
     * Find the handle of a capability.
     *
     * @param <C> the capability
     * @param type interface that names the capability
     * @return the handle, or empty if the capability is absent
     */
    public <C> Optional<C> find(Class<C> type) {
        return Optional.ofNullable(handle(type));
    }

    /**
     * Decorate the handle of a capability; how a decorating backend forwards one.
     *
     * @param <C> the capability
     * @param type interface that names the capability
     * @param decorator called with the present handle; not called if the capability is absent
     * @return a copy with the decorated handle, or this instance if the capability is absent
     */
    public <C> Capabilities map(Class<C> type, UnaryOperator<C> decorator) {
        C handle = handle(type);
        return handle == null ? this : with(type, decorator.apply(handle));
    }

    /**
     * Return the capabilities that are present.
     *
     * @return the interfaces that have a handle, in the order they were added; unmodifiable
     */
    public Set<Class<?>> types() {
        return Collections.unmodifiableSet(handles.keySet());
    }

    private <C> @Nullable C handle(Class<C> type) {
        return type.cast(handles.get(type));
    }

    @Override
    public String toString() {
        return handles.keySet().stream().map(Class::getSimpleName).toList().toString();
    }
}
