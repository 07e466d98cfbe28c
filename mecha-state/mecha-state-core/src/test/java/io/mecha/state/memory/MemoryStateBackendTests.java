// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.coordination.engine.Coordination;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import io.mecha.test.TestClock;
import io.mecha.test.state.CoordinationNode;
import io.mecha.test.state.StateBackendContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

class MemoryStateBackendTests extends StateBackendContract {

    private final TestClock clock = new TestClock();
    private MemoryStateBackend backend = new MemoryStateBackend(clock);

    /** Options of the backends under test. */
    MemoryStateOptions options() {
        return MemoryStateOptions.unbounded();
    }

    @Override
    protected String adapter() {
        return "memory";
    }

    @Override
    protected StateBackend backend() {
        backend = new MemoryStateBackend("test", clock, options());
        return backend;
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, ChangeNotifications.class, Leases.class);
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.empty();
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Override
    protected OptionalLong storedEntries() {
        return OptionalLong.of(backend.storedEntries());
    }

    @Override
    protected boolean forgetLeases() {
        backend.forgetLeases();
        return true;
    }

    @Override
    protected InstantSource clock() {
        return clock;
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
    protected Optional<CoordinationNode> coordination(StateBackend backend) {
        Coordination node = Coordination.builder("locks", "memory", "", backend.capabilities())
                .clock(clock())
                .build();
        return Optional.of(new CoordinationNode(node.locks(), node.elections(), node::close));
    }
}
