// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import io.mecha.binding.spi.BindingBackend;

/** A backend of no system that any adapter knows. */
final class ForeignBackend implements BindingBackend {

    @Override
    public io.mecha.Capabilities capabilities() {
        return io.mecha.Capabilities.none();
    }

    @Override
    public void ping() {}

    @Override
    public void close() {}
}
