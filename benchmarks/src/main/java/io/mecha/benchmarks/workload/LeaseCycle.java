// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.workload;

import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import java.time.Duration;

/** A lease that is acquired and released at once, where nobody else wants it. */
public final class LeaseCycle {

    /** The most that a pair of calls may take of two raw statements. */
    public static final double AT_MOST = 1.2;

    /** The owner of all leases. */
    public static final String OWNER = "node-1";

    /** The time for which leases are asked. */
    public static final Duration TIME = Duration.ofSeconds(30);

    private final Leases leases;

    /** Take the leases of a backend. */
    public LeaseCycle(StateBackend backend) {
        this.leases = backend.capabilities().find(Leases.class).orElseThrow();
    }

    /** Acquire a lease and release it. */
    public void run(String name) {
        if (!(leases.acquire(name, OWNER, TIME) instanceof LeaseResult.Granted granted)
                || !leases.release(new Lease(name, OWNER, granted.token()))) {
            throw new IllegalStateException("The lease was not granted, or lost");
        }
    }
}
