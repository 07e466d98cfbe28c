// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.guide;

import io.mecha.state.spi.StateBackend;
import io.mecha.test.Outage;
import io.mecha.test.TestClock;
import io.mecha.test.state.StateBackendContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

// tag::contract[]
class MapStateBackendTests extends StateBackendContract {

    private final TestClock clock = new TestClock();
    private MapStateBackend backend = new MapStateBackend("test", clock);

    @Override
    protected String adapter() {
        return ""; // the name of the report; empty for none
    }

    @Override
    protected StateBackend backend() {
        backend = new MapStateBackend("test", clock);
        return backend;
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of();
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.empty(); // nobody else can see the map
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty(); // there is no server
    }

    @Override
    protected OptionalLong storedEntries() {
        return OptionalLong.of(backend.size());
    }

    @Override
    protected InstantSource clock() {
        return clock;
    }

    @Override
    protected void advance(Duration duration) {
        clock.advance(duration); // instead of waiting
    }
}
// end::contract[]
