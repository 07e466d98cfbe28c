// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The keys of which messages were given back by the receiver and are not free in the database yet. */
final class GivenBack {

    private final ConcurrentMap<String, Integer> messages = new ConcurrentHashMap<>();

    /** Counts one message of a key. */
    void add(String key) {
        messages.merge(key, 1, Integer::sum);
    }

    /** Counts one message of a key less. */
    void remove(String key) {
        messages.computeIfPresent(key, (known, count) -> count == 1 ? null : count - 1);
    }

    boolean contains(String key) {
        return !messages.isEmpty() && messages.containsKey(key);
    }

    /** Returns all keys as they are now. */
    Set<String> keys() {
        return messages.isEmpty() ? Set.of() : Set.copyOf(messages.keySet());
    }
}
