// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.state.Precondition;
import java.util.Objects;

/**
 * A demand on a key without writing it.
 *
 * @param key the key, with the store's prefix
 * @param precondition what must be true
 * @since 1.0
 */
public record Require(String key, Precondition precondition) implements KeyOperation {

    public Require {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(precondition, "precondition");
    }
}
