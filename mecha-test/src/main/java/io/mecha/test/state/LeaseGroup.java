// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.TransactionResult;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;

/** Share what the groups about leases need. */
abstract class LeaseGroup extends StateGroup {

    /** How far the clock of a backend may be off, and how long an answer may take, on a busy machine. */
    static final Duration TOLERANCE = Duration.ofSeconds(30);

    LeaseGroup(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireLeases() {
        capability(Leases.class);
    }

    final Leases leases() {
        return capability(Leases.class);
    }

    static Leases leases(StateBackend node) {
        return node.capabilities().find(Leases.class).orElseThrow();
    }

    static Transactions transactions(StateBackend node) {
        return node.capabilities().find(Transactions.class).orElseThrow();
    }

    final TransactionResult execute(Operation... operations) {
        return capability(Transactions.class).execute(List.of(operations));
    }

    /** Acquire what is free. */
    final Lease granted(String name, String owner, Duration timeToLive) {
        return granted(leases(), name, owner, timeToLive);
    }

    static Lease granted(Leases leases, String name, String owner, Duration timeToLive) {
        LeaseResult result = leases.acquire(name, owner, timeToLive);
        assertThat(result).as("lease of '%s' for '%s'", name, owner).isInstanceOf(Granted.class);
        return new Lease(name, owner, ((Granted) result).token());
    }

    /** Acquire as soon as it is free. */
    static Lease acquired(Leases leases, String name, String owner, Duration timeToLive) {
        while (true) {
            if (leases.acquire(name, owner, timeToLive) instanceof Granted granted) {
                return new Lease(name, owner, granted.token());
            }
            LockSupport.parkNanos(100_000);
        }
    }

    final Duration held(String name, String owner) {
        LeaseResult result = leases().acquire(name, owner, LONG);
        assertThat(result).as("lease of '%s' for '%s'", name, owner).isInstanceOf(Held.class);
        return ((Held) result).remaining();
    }
}
