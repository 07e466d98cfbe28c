// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.LentThread;
import java.util.List;

/** The delivery on the thread of the sender; handlers have threads of their own, since those of the contract wait for the sender. */
class SynchronousMemoryBindingBackendTests extends MemoryBindingBackendTests {

    @Override
    MemoryBindingOptions options() {
        return new MemoryBindingOptions(null, true);
    }

    @Override
    protected String adapter() {
        return "";
    }

    @Override
    protected BindingBackend backend(String destination) {
        return new ForwardingBackend(super.backend(destination)) {
            @Override
            void handOver(List<Delivery> deliveries, Receiver receiver) {
                LentThread.take();
                super.handOver(deliveries, receiver);
            }
        };
    }
}
