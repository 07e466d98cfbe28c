// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.state.spi.StateBackendFactory;
import java.util.Objects;

/**
 * Make every store use one factory, whatever type it is configured with; a bean of this type is meant for tests.
 *
 * @param factory makes the backend of every store
 * @since 1.0
 */
public record StateBackendOverride(StateBackendFactory factory) {

    public StateBackendOverride {
        Objects.requireNonNull(factory, "factory");
    }
}
