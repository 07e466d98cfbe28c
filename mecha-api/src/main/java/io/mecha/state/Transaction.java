// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.coordination.FencingToken;

/**
 * The operations of one transaction; see {@link KeyValueStore#transact}.
 *
 * <p>Nothing reaches the backend before the whole list does. Operations take effect in the order they are called, so that
 * a later one sees an earlier one on the same key. Not thread-safe, and of no use after the callback returned.
 *
 * @param <V> type of the values
 * @since 1.0
 */
public interface Transaction<V> {

    /**
     * Store a value.
     *
     * @param key the key
     * @param value the value
     */
    default void put(String key, V value) {
        put(key, value, PutOptions.defaults(), Precondition.NONE);
    }

    /**
     * Store a value if a precondition holds.
     *
     * @param key the key
     * @param value the value
     * @param options how to keep the value
     * @param precondition what must be true, otherwise the whole transaction is a conflict
     */
    void put(String key, V value, PutOptions options, Precondition precondition);

    /**
     * Store a value if the key still has a version.
     *
     * @param key the key
     * @param value the value
     * @param version version as read; another one makes the whole transaction a conflict
     */
    default void replace(String key, V value, String version) {
        put(key, value, PutOptions.defaults(), Precondition.version(version));
    }

    /**
     * Store a value if the key has none.
     *
     * @param key the key; if it has a value, the whole transaction is a conflict
     * @param value the value
     */
    default void putIfAbsent(String key, V value) {
        put(key, value, PutOptions.defaults(), Precondition.ABSENT);
    }

    /**
     * Remove a value; removing a key without a value is not a conflict.
     *
     * @param key the key
     */
    default void remove(String key) {
        remove(key, Precondition.NONE);
    }

    /**
     * Remove a value if the key still has a version.
     *
     * @param key the key
     * @param version version as read; another one makes the whole transaction a conflict
     */
    default void remove(String key, String version) {
        remove(key, Precondition.version(version));
    }

    /**
     * Remove a value if a precondition holds.
     *
     * @param key the key
     * @param precondition what must be true, otherwise the whole transaction is a conflict
     */
    void remove(String key, Precondition precondition);

    /**
     * Demand that a key, which the transaction need not write, still has a version.
     *
     * @param key the key
     * @param version version as read; another one makes the whole transaction a conflict
     */
    default void require(String key, String version) {
        require(key, Precondition.version(version));
    }

    /**
     * Demand something of a key that the transaction need not write.
     *
     * @param key the key
     * @param precondition what must be true, otherwise the whole transaction is a conflict
     */
    void require(String key, Precondition precondition);

    /**
     * Demand that no newer token of a lock or a leadership was given out, and let nobody get one until the transaction is over.
     *
     * @param token token of what is held, whose lease this store keeps; if it is not the newest, the whole transaction is {@link
     *     TransactionResult.Fenced}
     * @throws InvalidStateRequestException if another store keeps the lease
     */
    void fence(FencingToken token);
}
