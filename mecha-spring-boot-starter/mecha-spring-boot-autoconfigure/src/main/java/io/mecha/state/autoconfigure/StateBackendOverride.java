// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.state.spi.StateBackendFactory;

/**
 * A replacement for the backends of all stores, whatever type they are configured with; a bean of this type is meant for tests.
 *
 * @since 1.0
 */
@FunctionalInterface
public interface StateBackendOverride {

    /**
     * Return what makes the backend of a store instead.
     *
     * @param type the type that the store would have; empty if it has none
     * @return the factory
     */
    StateBackendFactory factory(String type);
}
