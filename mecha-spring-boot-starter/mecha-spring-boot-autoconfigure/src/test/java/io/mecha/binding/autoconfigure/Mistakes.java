// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the mistakes that stopped a context. */
final class Mistakes {

    private Mistakes() {}

    static List<Mistake> of(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidConfigurationException invalid) {
                return invalid.mistakes();
            }
        }
        throw new AssertionError("No mistakes", failure);
    }
}
