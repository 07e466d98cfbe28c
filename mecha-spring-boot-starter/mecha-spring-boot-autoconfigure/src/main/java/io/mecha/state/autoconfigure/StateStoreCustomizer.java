// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.state.engine.StateStoreComponent;

/**
 * A customizer of a state store before it is built; beans of this type are called in order, after the properties were applied.
 *
 * @since 1.0
 */
@FunctionalInterface
public interface StateStoreCustomizer {

    /**
     * Change a store.
     *
     * @param name name of the store
     * @param builder what it will be built from
     */
    void customize(String name, StateStoreComponent.Builder builder);
}
