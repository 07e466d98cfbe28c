// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.Bindings;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.state.KeyValueStore;
import io.mecha.test.Outage;
import io.mecha.test.TestClock;
import io.mecha.test.binding.BindingBackendContract;
import io.mecha.test.binding.EngineSetup;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

// tag::contract[]
class MemoryBindingBackendTests extends BindingBackendContract {

    private final KeyValueStore<byte[]> store = TestEngines.store();
    private final TestClock clock = new TestClock();
    private final MemoryBroker broker = new MemoryBroker(clock);

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    MemoryBindingOptions options() {
        return MemoryBindingOptions.defaults();
    }

    @Override
    protected String adapter() {
        return "memory";
    }

    @Override
    protected BindingBackend backend(String destination) {
        return broker.connect(destination, destination, options());
    }

    @Override
    protected Optional<BindingBackend> anotherNode(String destination) {
        return Optional.of(backend(destination));
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(
                Outbound.class,
                Inbound.class,
                Groups.class,
                KeyOrder.class,
                Delay.class,
                Expiry.class,
                AttemptMemory.class,
                Forwarding.class,
                HandledConfirmation.class,
                MessageIdentity.class);
    }

    @Override
    protected Optional<KeyValueStore<byte[]>> store() {
        return Optional.of(store);
    }

    @Override
    protected Optional<Bindings> engine(EngineSetup setup) {
        return Optional.of(TestEngines.start(setup));
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Override
    protected void advance(Duration duration) {
        clock.advance(duration);
    }

    @Override
    protected boolean setClock(Duration difference) {
        clock.jump(difference);
        return true;
    }

    @Override
    protected Duration quiet() {
        return Duration.ofMillis(50);
    }

    @Override
    protected Duration longHandling() {
        return Duration.ofMillis(100);
    }
}
// end::contract[]
