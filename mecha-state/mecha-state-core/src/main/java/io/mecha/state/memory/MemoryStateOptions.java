// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import org.jspecify.annotations.Nullable;

/**
 * Options of state stores in memory.
 *
 * @param maximumSize Most keys to keep; keys that are used least are forgotten when there are more.
 * @since 1.0
 */
public record MemoryStateOptions(@Nullable Long maximumSize) {

    /**
     * Keep every key.
     *
     * @return options without a bound
     */
    public static MemoryStateOptions unbounded() {
        return new MemoryStateOptions(null);
    }
}
