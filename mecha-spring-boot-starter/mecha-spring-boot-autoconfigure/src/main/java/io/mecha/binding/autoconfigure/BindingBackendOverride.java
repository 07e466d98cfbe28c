// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.spi.BindingBackendFactory;

/**
 * A replacement for the backends of all channels, whatever type they are configured with; a bean of this type is meant for tests.
 *
 * <p>Where no type on the class path can be an outbox, as in a slice, a channel with an outbox gets what replaces type {@code
 * jdbc}.
 *
 * @since 1.0
 */
@FunctionalInterface
public interface BindingBackendOverride {

    /**
     * Return what makes the backend of a channel instead.
     *
     * @param type the type that the channel would have; empty if it has none
     * @return the factory
     */
    BindingBackendFactory factory(String type);
}
