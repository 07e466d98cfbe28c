// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import java.util.Objects;

/**
 * One write of a bulk.
 *
 * @param <V> type of the values
 * @since 1.0
 */
public sealed interface Change<V> {

    /**
     * Return the key to write.
     *
     * @return the key
     */
    String key();

    /**
     * Return what must be true for the write to happen.
     *
     * @return the precondition
     */
    Precondition precondition();

    /**
     * Store a value; the last write wins.
     *
     * @param <V> type of the values
     * @param key the key
     * @param value the value
     * @return the change
     */
    static <V> Change<V> put(String key, V value) {
        return new Put<>(key, value, PutOptions.defaults(), Precondition.NONE);
    }

    /**
     * Store a value if the key has none.
     *
     * @param <V> type of the values
     * @param key the key
     * @param value the value
     * @return the change
     */
    static <V> Change<V> putIfAbsent(String key, V value) {
        return new Put<>(key, value, PutOptions.defaults(), Precondition.ABSENT);
    }

    /**
     * Store a value if the key still has a version.
     *
     * @param <V> type of the values
     * @param key the key
     * @param value the value
     * @param version version as read
     * @return the change
     */
    static <V> Change<V> replace(String key, V value, String version) {
        return new Put<>(key, value, PutOptions.defaults(), Precondition.version(version));
    }

    /**
     * Remove a value.
     *
     * @param <V> type of the values
     * @param key the key
     * @return the change
     */
    static <V> Change<V> remove(String key) {
        return new Remove<>(key, Precondition.NONE);
    }

    /**
     * Remove a value if the key still has a version.
     *
     * @param <V> type of the values
     * @param key the key
     * @param version version as read
     * @return the change
     */
    static <V> Change<V> remove(String key, String version) {
        return new Remove<>(key, Precondition.version(version));
    }

    /**
     * The storing of a value.
     *
     * @param <V> type of the values
     * @param key the key
     * @param value the value
     * @param options how to keep the value
     * @param precondition what must be true for the write to happen
     */
    record Put<V>(String key, V value, PutOptions options, Precondition precondition) implements Change<V> {

        public Put {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(options, "options");
            Objects.requireNonNull(precondition, "precondition");
        }
    }

    /**
     * The removal of a value.
     *
     * @param <V> type of the values
     * @param key the key
     * @param precondition what must be true for the removal to happen
     */
    record Remove<V>(String key, Precondition precondition) implements Change<V> {

        public Remove {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(precondition, "precondition");
        }
    }
}
