// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to put changed files into force.
 *
 * @param time when
 * @param revision the revision that is in force afterwards
 * @param keys names of the properties that changed, or would have; never values
 * @param rejection why the former configuration stays in force; {@code null} if the new one is
 */
public record Reload(
        Instant time,
        long revision,
        SortedSet<String> keys,
        @Nullable String rejection) {

    /** Copy the keys. */
    public Reload {
        keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
    }

    /**
     * Tell whether the new configuration is in force.
     *
     * @return {@code false} if it was rejected as a whole
     */
    public boolean applied() {
        return rejection == null;
    }
}
