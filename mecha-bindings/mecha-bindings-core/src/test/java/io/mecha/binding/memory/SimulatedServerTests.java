// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.test.Outage;
import java.util.Optional;

/** The contract's tests of faults can be passed. */
class SimulatedServerTests extends MemoryBindingBackendTests {

    private final SimulatedServer server = new SimulatedServer();

    @Override
    protected String adapter() {
        return "";
    }

    @Override
    protected BindingBackend backend(String destination) {
        return server.connect(super.backend(destination));
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(server);
    }
}
