// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a transaction.
 *
 * @since 1.0
 */
public sealed interface TransactionResult {

    /**
     * Tell whether everything was applied.
     *
     * @return {@code false} for a {@link Conflict} and for {@link Fenced}
     */
    default boolean committed() {
        return this instanceof Committed;
    }

    /**
     * Every operation took effect.
     *
     * @param versions new version of each key that has a value because of this transaction, by key, in the order of the
     *     operations; unmodifiable
     */
    record Committed(Map<String, String> versions) implements TransactionResult {

        public Committed {
            versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        }
    }

    /**
     * A precondition did not hold; nothing was applied.
     *
     * @param key the first key whose precondition did not hold
     * @param expected the version asked for; {@code null} if the key was to be absent
     * @param actual the version found; {@code null} if the key had no value
     */
    record Conflict(
            String key, @Nullable String expected, @Nullable String actual) implements TransactionResult {}

    /**
     * The transaction demanded a lease that somebody else got since; nothing was applied.
     *
     * @param lease name of the lease
     * @param token the token that was to be the newest
     * @param newest the newest token; {@code null} if none is known
     */
    record Fenced(String lease, long token, @Nullable Long newest) implements TransactionResult {}
}
