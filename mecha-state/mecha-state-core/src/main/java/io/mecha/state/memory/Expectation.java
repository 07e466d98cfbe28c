// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.Precondition;
import io.mecha.state.spi.Entry;
import org.jspecify.annotations.Nullable;

/** The comparison of a precondition with the stored entry. */
final class Expectation {

    private Expectation() {}

    static boolean holds(Precondition precondition, @Nullable Entry current) {
        if (precondition instanceof Precondition.Version expected) {
            return current != null && current.version().equals(expected.version());
        }
        return current == null || precondition instanceof Precondition.None;
    }

    static @Nullable String version(Precondition precondition) {
        return precondition instanceof Precondition.Version expected ? expected.version() : null;
    }

    static @Nullable String version(@Nullable Entry current) {
        return current == null ? null : current.version();
    }
}
