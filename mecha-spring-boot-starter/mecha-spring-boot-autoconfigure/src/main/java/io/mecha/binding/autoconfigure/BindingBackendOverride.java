// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.spi.BindingBackendFactory;
import java.util.Objects;

/**
 * Make every channel use one factory, whatever type it is configured with; a bean of this type is meant for tests.
 *
 * @param factory makes the backend of every channel
 * @since 1.0
 */
public record BindingBackendOverride(BindingBackendFactory factory) {

    public BindingBackendOverride {
        Objects.requireNonNull(factory, "factory");
    }
}
