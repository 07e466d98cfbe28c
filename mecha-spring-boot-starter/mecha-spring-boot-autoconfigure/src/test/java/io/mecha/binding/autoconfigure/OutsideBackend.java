// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.Capabilities;
import io.mecha.binding.spi.BindingBackend;

/**
 * A backend in memory that says it is outside of this JVM.
 *
 * @param memory what it passes everything on to
 */
record OutsideBackend(BindingBackend memory) implements BindingBackend {

    @Override
    public Capabilities capabilities() {
        return memory.capabilities();
    }

    @Override
    public void ping() {
        memory.ping();
    }

    @Override
    public void close() {
        memory.close();
    }
}
