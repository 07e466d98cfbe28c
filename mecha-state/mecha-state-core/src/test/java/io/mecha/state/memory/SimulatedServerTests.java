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

/** The contract's tests of faults and of several nodes can be passed. */
class SimulatedServerTests extends StateBackendContract {

    private final TestClock clock = new TestClock();
    private final SimulatedServer server = server(clock);

    SimulatedServer server(TestClock clock) {
        return new SimulatedServer(clock);
    }

    @Override
    protected String adapter() {
        return "";
    }

    @Override
    protected StateBackend backend() {
        return server.connect();
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, ChangeNotifications.class, Leases.class);
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.of(server.connect());
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(server);
    }

    @Override
    protected OptionalLong storedEntries() {
        return OptionalLong.empty();
    }

    @Override
    protected boolean forgetLeases() {
        server.forgetLeases();
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
                .clock(clock)
                .build();
        return Optional.of(new CoordinationNode(node.locks(), node.elections(), node::close));
    }
}
