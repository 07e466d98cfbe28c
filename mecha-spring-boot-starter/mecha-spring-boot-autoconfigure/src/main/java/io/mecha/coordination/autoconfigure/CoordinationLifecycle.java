// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.coordination.engine.Coordination;
import io.mecha.lifecycle.start.StartGate;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;

/** The candidacies of this application: they begin when the gate of the start has opened, and end before anything else stops. */
final class CoordinationLifecycle implements SmartInitializingSingleton, SmartLifecycle {

    private final LeaseStore store;
    private final LockedMethods locked;
    private final Leaders leaders;
    private final ObjectProvider<Coordination> coordination;
    private final Supplier<@Nullable Coordination> used;
    private final Supplier<Duration> left;
    private final StartGate gate;
    private volatile boolean running;

    CoordinationLifecycle(
            LeaseStore store,
            LockedMethods locked,
            Leaders leaders,
            ObjectProvider<Coordination> coordination,
            Supplier<@Nullable Coordination> used,
            Supplier<Duration> left,
            StartGate gate) {
        this.store = store;
        this.locked = locked;
        this.leaders = leaders;
        this.coordination = coordination;
        this.used = used;
        this.left = left;
        this.gate = gate;
    }

    @Override
    public void afterSingletonsInstantiated() {
        MistakeCollector mistakes = new MistakeCollector();
        store.check(mistakes);
        mistakes.throwIfAny(); // before a store of that name is created
        locked.prepare(mistakes);
        leaders.prepare(mistakes);
        mistakes.throwIfAny();
        if (!leaders.isEmpty()) {
            // A store that keeps no leases shows at start.
            coordination.getObject();
        }
    }

    @Override
    public void start() {
        running = true;
        gate.whenOpen("The election of leaders", this::stand);
    }

    private synchronized void stand() {
        if (running) { // and not stopped before all that belongs to the start has succeeded
            leaders.start();
        }
    }

    @Override
    public void stop() {
        synchronized (this) {
            running = false;
            leaders.stopped();
        }
        Coordination some = used.get();
        if (some != null) {
            boolean unused = some.elections().withdraw(left.get());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** With what receives messages: the last to start and the first to stop. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
