// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import org.jspecify.annotations.Nullable;

/**
 * Options of channels on the broker in this JVM.
 *
 * @param capacity Most messages that a group has not acknowledged, and most that are delayed; sends wait when there are more.
 * @param synchronous Whether a send runs the receivers on the thread of the sender, where order by key does not forbid it.
 * @since 1.0
 */
public record MemoryBindingOptions(@Nullable Integer capacity, boolean synchronous) {

    static final int DEFAULT_CAPACITY = 100_000;

    /**
     * Take the defaults.
     *
     * @return options with the default capacity, asynchronous
     */
    public static MemoryBindingOptions defaults() {
        return new MemoryBindingOptions(null, false);
    }

    int limit() {
        return capacity == null ? DEFAULT_CAPACITY : capacity;
    }
}
