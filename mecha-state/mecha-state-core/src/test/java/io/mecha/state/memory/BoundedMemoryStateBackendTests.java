// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

/** A bound changes nothing until it is reached. */
class BoundedMemoryStateBackendTests extends MemoryStateBackendTests {

    @Override
    protected String adapter() {
        return "memory-bounded";
    }

    @Override
    MemoryStateOptions options() {
        return new MemoryStateOptions(100_000L);
    }
}
