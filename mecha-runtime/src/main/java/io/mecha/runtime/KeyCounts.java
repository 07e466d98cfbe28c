// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The number of messages of each key that hold the key up; a key without any takes no memory. Thread-safe.
 *
 * @param <K> the key
 */
public final class KeyCounts<K> {

    private final ConcurrentMap<K, Integer> messages = new ConcurrentHashMap<>();

    /**
     * Count one message of a key.
     *
     * @param key the key
     */
    public void add(K key) {
        messages.merge(key, 1, Integer::sum);
    }

    /**
     * Count one message of a key less.
     *
     * @param key the key
     */
    public void remove(K key) {
        messages.computeIfPresent(key, (known, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Tell whether there are messages of a key.
     *
     * @param key the key
     * @return whether there are
     */
    public boolean contains(K key) {
        return !messages.isEmpty() && messages.containsKey(key);
    }

    /**
     * Tell whether there are no messages at all.
     *
     * @return whether there are none
     */
    public boolean isEmpty() {
        return messages.isEmpty();
    }

    /**
     * Return all keys that have messages.
     *
     * @return a copy
     */
    public Set<K> keys() {
        return messages.isEmpty() ? Set.of() : Set.copyOf(messages.keySet());
    }
}
