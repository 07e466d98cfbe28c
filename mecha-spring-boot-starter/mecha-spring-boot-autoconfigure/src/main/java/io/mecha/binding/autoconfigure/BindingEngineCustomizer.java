// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.engine.BindingEngine;

/**
 * A customizer of the engine of bindings before it is built; beans of this type are called in order, after everything else was set.
 *
 * @since 1.0
 */
@FunctionalInterface
public interface BindingEngineCustomizer {

    /**
     * Change the engine.
     *
     * @param builder what it will be built from
     */
    void customize(BindingEngine.Builder builder);
}
