// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

/**
 * The names of a store's keys in Redis.
 *
 * @param tag what each name begins with: a hash tag, or nothing
 */
record Keyspace(String tag) {

    /** Use keys as they are. */
    static Keyspace plain() {
        return new Keyspace("");
    }

    /** Begin each name with a hash tag, which puts all keys of the store in one slot of a cluster. */
    static Keyspace tagged(String store) {
        if (store.isEmpty() || store.contains("}")) {
            throw new IllegalArgumentException("The hash tag of a store is its name, without '}': " + store);
        }
        return new Keyspace("{" + store + "}");
    }

    /** Return the name of a key. */
    String name(String key) {
        return tag.isEmpty() ? key : tag + key;
    }

    /** Return the key of a name. */
    String key(String name) {
        return name.substring(tag.length());
    }

    /** Tell whether a name can be one of this store's. */
    boolean holds(String name) {
        return name.length() > tag.length()
                && name.startsWith(tag)
                && name.chars().noneMatch(Character::isISOControl);
    }

    /** Return a glob pattern for the names of the keys that begin with a prefix. */
    String pattern(String prefix) {
        String literal = name(prefix);
        StringBuilder pattern = new StringBuilder(literal.length() + 1);
        for (int i = 0; i < literal.length(); i++) {
            char character = literal.charAt(i);
            if ("*?[]\\^-".indexOf(character) >= 0) {
                pattern.append('\\');
            }
            pattern.append(character);
        }
        return pattern.append('*').toString();
    }
}
