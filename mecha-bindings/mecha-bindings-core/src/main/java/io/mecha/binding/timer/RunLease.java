// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Ids;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lease that one node has while a run is out, so that no other node begins one; used by one thread at a time.
 *
 * <p>It keeps runs apart as far as a lease can: one whose node was paused for longer may meet the next. That each instant fires once does
 * not depend on it.
 */
final class RunLease {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Leases leases;
    private final String name;
    private final ElapsedTime time;
    private @Nullable Lease held;

    /** Who has the lease, or may have it because an answer was lost; asks again under this name. */
    private @Nullable String owner;

    private long renewed;

    /** When it was last tried to renew; that failed if it is after {@link #renewed}. */
    private long tried;

    RunLease(Leases leases, String name, ElapsedTime time) {
        this.leases = leases;
        this.name = name;
        this.time = time;
    }

    /**
     * Has the lease, if no other node has it.
     *
     * @return when to ask again; zero if this node has it now
     * @throws io.mecha.MechaException if there was no answer
     */
    Duration enter() {
        String asking = owner == null ? Ids.random() : owner;
        owner = asking;
        long asked = time.nanos();
        LeaseResult result = leases.acquire(name, asking, LEASE);
        if (result instanceof Granted granted) {
            held = new Lease(name, asking, granted.token());
            renewed = asked;
            tried = asked;
            return Duration.ZERO;
        }
        forget();
        Duration left = ((Held) result).remaining().plusMillis(1);
        return left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
    }

    /** Tells whether it is time to {@link #renew}; after a try without an answer, not at once. */
    boolean isAging() {
        long now = time.nanos();
        boolean rests = tried - renewed > 0 && now - tried <= RETRY.toNanos();
        return held != null && !rests && now - renewed > LEASE.dividedBy(3).toNanos();
    }

    /**
     * Keeps the lease.
     *
     * @throws io.mecha.MechaException if there was no answer
     */
    void renew() {
        long asked = time.nanos();
        tried = asked;
        if (held != null && !leases.renew(Map.of(held, LEASE)).isEmpty()) {
            renewed = asked;
        } else {
            forget();
        }
    }

    boolean isHeld() {
        return held != null;
    }

    /**
     * Gives the lease back.
     *
     * @throws io.mecha.MechaException if there was no answer; it ends by itself then
     */
    void leave() {
        Lease last = held;
        forget();
        if (last != null) {
            boolean unused = leases.release(last);
        }
    }

    private void forget() {
        held = null;
        owner = null;
    }
}
