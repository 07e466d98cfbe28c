// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.binding.memory.TestSettings;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Inbound;
import io.mecha.test.Outage;
import io.mecha.test.TestClock;
import io.mecha.test.binding.BindingBackendContract;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

class TimerContractTests extends BindingBackendContract {

    private final TestClock clock = new TestClock();

    @Override
    protected String adapter() {
        return "timer";
    }

    @Override
    protected BindingBackend backend(String destination) {
        TimerBindingOptions options =
                new TimerBindingOptions(null, null, Duration.ofSeconds(1), null, null, null, null, false);
        return new TimerBindingBackendFactory((name) -> new TestStore().store(), (name) -> {
                    throw new AssertionError("no store, no lease");
                })
                .create(new TestSettings(destination, options, clock));
    }

    @Override
    protected Optional<BindingBackend> anotherNode(String destination) {
        return Optional.empty();
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Inbound.class);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }
}
