// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.state.Precondition;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for one write.
 *
 * @since 1.0
 */
public sealed interface Mutation extends KeyOperation {

    /**
     * The storing of a value.
     *
     * @param key the key, with the store's prefix
     * @param value the value
     * @param timeToLive how long to keep it, by the backend's clock, in whole milliseconds, at least one; {@code null}
     *     to keep it until it is removed, which also clears an earlier expiry
     * @param precondition what must be true
     */
    record Put(String key, Value value, @Nullable Duration timeToLive, Precondition precondition) implements Mutation {

        public Put {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(precondition, "precondition");
        }
    }

    /**
     * The removal of a value.
     *
     * @param key the key, with the store's prefix
     * @param precondition what must be true
     */
    record Remove(String key, Precondition precondition) implements Mutation {

        public Remove {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(precondition, "precondition");
        }
    }
}
