// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import java.util.Optional;

/**
 * The result of a bulk read for one key.
 *
 * @param <V> type of the values
 * @since 1.0
 */
public sealed interface ReadResult<V> {

    /**
     * Return the key that was asked for.
     *
     * @return the key
     */
    String key();

    /**
     * Return the value.
     *
     * @return the value, or empty if the key has none
     * @throws UnreadableValueException if the key has a value that cannot be read
     */
    Optional<V> value();

    /**
     * The key has a value.
     *
     * @param <V> type of the values
     * @param key the key that was asked for
     * @param entry its value and version
     */
    record Found<V>(String key, Versioned<V> entry) implements ReadResult<V> {

        @Override
        public Optional<V> value() {
            return Optional.of(entry.value());
        }
    }

    /**
     * The key has no value.
     *
     * @param <V> type of the values
     * @param key the key that was asked for
     */
    record Missing<V>(String key) implements ReadResult<V> {

        @Override
        public Optional<V> value() {
            return Optional.empty();
        }
    }

    /**
     * The key has a value that cannot be read; the other keys are not affected.
     *
     * @param <V> type of the values
     * @param key the key that was asked for
     * @param failure why
     */
    record Unreadable<V>(String key, UnreadableValueException failure) implements ReadResult<V> {

        @Override
        public Optional<V> value() {
            throw failure;
        }
    }
}
