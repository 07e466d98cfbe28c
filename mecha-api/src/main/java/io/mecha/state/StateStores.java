// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.codec.GenericType;
import java.lang.reflect.Type;
import java.util.Set;

/**
 * The state stores of the application by name.
 *
 * <p>Thread-safe. Look a store up once and keep it.
 *
 * @since 1.0
 */
public interface StateStores {

    /**
     * Return a store for values of a class.
     *
     * @param <V> type of the values
     * @param name name of the store, as under {@code mecha.state.stores}
     * @param type class of the values
     * @return the store; several types may be kept in one store
     * @throws UnknownStateStoreException if no store has this name and none may be created for it
     */
    <V> KeyValueStore<V> store(String name, Class<V> type);

    /**
     * Return a store for values of a generic type.
     *
     * @param <V> type of the values
     * @param name name of the store, as under {@code mecha.state.stores}
     * @param type type of the values, as in {@code new GenericType<List<Order>>() {}}
     * @return the store
     * @throws UnknownStateStoreException if no store has this name and none may be created for it
     */
    <V> KeyValueStore<V> store(String name, GenericType<V> type);

    /**
     * Return a store for values of a type that is known only by reflection.
     *
     * @param name name of the store, as under {@code mecha.state.stores}
     * @param type type of the values
     * @return the store
     * @throws UnknownStateStoreException if no store has this name and none may be created for it
     */
    KeyValueStore<?> store(String name, Type type);

    /**
     * Return the stores that are there now.
     *
     * @return names in alphabetical order; a copy
     */
    Set<String> names();
}
