// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.configuration.ComponentParts;
import io.mecha.binding.spi.BindingBackendFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beans that channels are built from.
 *
 * @param shared what stores and channels are both built from
 * @param stores whether there are state stores
 */
record BindingParts(
        ComponentParts shared,
        List<BindingBackendFactory> factories,
        @Nullable BindingBackendOverride override,
        boolean stores) {}
