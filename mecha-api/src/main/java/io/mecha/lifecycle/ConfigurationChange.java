// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A change of configuration that is in force: one for all keys that changed together.
 *
 * @param revision how many changes there were since the start of the application, with this one
 * @param keys names of the properties that were added, changed or removed, in lower case with hyphens, as {@code pricing.base-rate}; values
 *     may be secrets and are not told
 * @since 1.0
 */
public record ConfigurationChange(long revision, Set<String> keys) {

    /** Copy the keys. */
    public ConfigurationChange {
        keys = Set.copyOf(keys);
    }

    /**
     * Tell whether a property below a prefix changed.
     *
     * @param prefix for example {@code pricing} or {@code pricing.}, with or without the dot; empty for all
     * @return whether the property of that name, or one below it, is among the keys
     */
    public boolean touches(String prefix) {
        String name = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
        return keys.stream().anyMatch(key -> isBelow(key, name));
    }

    private static boolean isBelow(String key, String name) {
        if (name.isEmpty() || key.equals(name)) {
            return true;
        }
        return key.startsWith(name) && (key.charAt(name.length()) == '.' || key.charAt(name.length()) == '[');
    }

    /**
     * Return the keys for people.
     *
     * @return a copy in alphabetical order
     */
    public SortedSet<String> sortedKeys() {
        return new TreeSet<>(keys);
    }
}
