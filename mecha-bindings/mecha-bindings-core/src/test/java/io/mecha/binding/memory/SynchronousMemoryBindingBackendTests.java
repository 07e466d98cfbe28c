// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

class SynchronousMemoryBindingBackendTests extends MemoryBindingBackendTests {

    @Override
    MemoryBindingOptions options() {
        return new MemoryBindingOptions(null, true);
    }

    @Override
    protected String adapter() {
        return "";
    }
}
