// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.Capabilities;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.state.ForwardingBackend;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Leases in memory that count the calls, and fail when a test wants them to. */
final class ScriptedLeases implements Leases {

    final StateBackend backend;
    final AtomicInteger renewals = new AtomicInteger();
    final List<Integer> sizes = new CopyOnWriteArrayList<>();
    final List<String> owners = new CopyOnWriteArrayList<>();
    private final Leases leases;
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private volatile boolean down;

    ScriptedLeases(InstantSource clock) {
        this(new MemoryStateBackend(clock));
    }

    private ScriptedLeases(StateBackend memory) {
        this.leases = memory.capabilities().find(Leases.class).orElseThrow();
        this.backend = new ForwardingBackend(memory) {

            @Override
            public Capabilities capabilities() {
                return super.capabilities().with(Leases.class, ScriptedLeases.this);
            }
        };
    }

    StateStoreComponent store() {
        return StateStoreComponent.builder("locks", "memory", backend, JacksonCodecs.standard())
                .keyPrefix("shop||")
                .build();
    }

    /** Be out of reach, or be there again. */
    void down(boolean out) {
        down = out;
    }

    /** Do what is asked for the next times, but lose the answer. */
    void loseAnswers(int count) {
        lostAnswers.set(count);
    }

    private <T> T call(Supplier<T> call) {
        if (down) {
            throw StateUnavailableException.nothingHappened("locks", "memory", null);
        }
        T result = call.get();
        if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw StateUnavailableException.mayHaveHappened("locks", "memory", null);
        }
        return result;
    }

    @Override
    public LeaseResult acquire(String name, String owner, Duration timeToLive) {
        owners.add(owner);
        return call(() -> leases.acquire(name, owner, timeToLive));
    }

    @Override
    public Set<Lease> renew(Map<Lease, Duration> renewed) {
        renewals.incrementAndGet();
        sizes.add(renewed.size());
        return call(() -> leases.renew(renewed));
    }

    @Override
    public boolean release(Lease lease) {
        return call(() -> leases.release(lease));
    }
}
