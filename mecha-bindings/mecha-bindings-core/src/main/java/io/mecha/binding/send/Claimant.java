// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Ids;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The claims of this node on entries of a state store, which hold as long as a lease of the node.
 *
 * <p>A claim is a number in the entry, and the lease has that number in its name. When the lease has ended, others may take the entry, by a
 * write that demands the version that they read, so that a node that was late can finish nothing. A lease for each entry would leave
 * a row for each in the backend, for days. The lease is acquired, and made longer, when something is claimed, and ends by itself.
 */
final class Claimant {

    private final Leases leases;
    private final String prefix;
    private final Duration claim;
    private final ElapsedTime time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Until when the leases of others hold, as far as is known, by elapsed time. */
    private final Map<Long, Instant> others = new ConcurrentHashMap<>();

    private volatile long number = number();
    private Instant end;

    /**
     * Claim for a node.
     *
     * @param leases the leases of the store
     * @param prefix what names of leases begin with
     * @param claim how long a claim is to hold at least
     * @param time measures it
     */
    Claimant(Leases leases, String prefix, Duration claim, ElapsedTime time) {
        this.leases = leases;
        this.prefix = prefix;
        this.claim = claim;
        this.time = time;
        this.end = time.now();
    }

    private static long number() {
        return Ids.random(Long.MIN_VALUE, -1);
    }

    /**
     * Return what to claim with.
     *
     * @return a number whose lease holds long enough; never zero
     * @throws io.mecha.MechaException if the store does not answer
     */
    long claim() {
        lock.lock();
        try {
            while (true) {
                Instant now = time.now();
                if (!now.plus(claim).isAfter(end)) {
                    return number;
                }
                LeaseResult result = leases.acquire(prefix + number, Long.toString(number), claim.multipliedBy(2));
                if (result instanceof Granted) {
                    end = now.plus(claim.multipliedBy(2));
                    return number;
                }
                number = number(); // somebody found the lease over, and took what was claimed
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Return how long others have to leave a claim alone.
     *
     * @param claimed the number in an entry
     * @return zero if they may take it
     * @throws io.mecha.MechaException if the store does not answer
     */
    Duration left(long claimed) {
        if (claimed == 0 || claimed == number) {
            return Duration.ZERO;
        }
        Instant now = time.now();
        Instant known = others.get(claimed);
        if (known != null && known.isAfter(now)) {
            return Duration.between(now, known);
        }
        if (leases.acquire(prefix + claimed, "heir", Duration.ofMillis(1)) instanceof Held held) {
            others.values().removeIf(until -> !until.isAfter(now));
            Duration left = held.remaining().isZero() ? Duration.ofMillis(1) : held.remaining();
            others.put(claimed, now.plus(left));
            return left;
        }
        return Duration.ZERO;
    }
}
