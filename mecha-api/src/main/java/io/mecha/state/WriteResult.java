// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a write.
 *
 * @since 1.0
 */
public sealed interface WriteResult {

    /**
     * Tell whether the precondition held.
     *
     * @return {@code false} for a {@link Conflict}
     */
    default boolean applied() {
        return !(this instanceof Conflict);
    }

    /**
     * The value is stored.
     *
     * @param version version of the new value
     */
    record Written(String version) implements WriteResult {}

    /**
     * The key has no value any more.
     *
     * @param existed whether it had one
     */
    record Removed(boolean existed) implements WriteResult {}

    /**
     * The precondition did not hold; the stored value is untouched.
     *
     * @param expected the version asked for; {@code null} if the key was to be absent
     * @param actual the version found just after; {@code null} if the key had no value by then
     */
    record Conflict(@Nullable String expected, @Nullable String actual) implements WriteResult {}
}
