// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sets of types of events for which filters can be true; {@code null} is any type. */
final class TypeSets {

    private TypeSets() {}

    /** A way to combine two sets. */
    @FunctionalInterface
    interface Combination {
        @Nullable Set<String> of(@Nullable Set<String> one, @Nullable Set<String> other);
    }

    static @Nullable Set<String> intersection(@Nullable Set<String> one, @Nullable Set<String> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        Set<String> both = new HashSet<>(one);
        both.retainAll(other);
        return both;
    }

    static @Nullable Set<String> union(@Nullable Set<String> one, @Nullable Set<String> other) {
        if (one == null || other == null) {
            return null;
        }
        Set<String> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
