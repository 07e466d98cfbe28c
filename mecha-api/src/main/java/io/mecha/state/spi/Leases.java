// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The lending of names, each to one owner at a time until a moment that the owner can put off.
 *
 * <p>A lease alone protects nothing: an owner that pauses may go on when somebody else has the name. Therefore each grant has a token,
 * and a transaction with a {@link Fence} is refused once a newer one was given out.
 *
 * <p>Names are no keys: no scan finds them, and a name and a key that are equal have nothing to do with each other. A name is
 * well-formed text without control characters, of 1 to 1,024 characters; an owner, of 1 to {@value #MAXIMUM_OWNER_LENGTH}. Names are
 * compared exactly. A time to live is at least one millisecond and at most {@value #MAXIMUM_DAYS} days, and what is finer than
 * a microsecond may be cut.
 *
 * @since 1.0
 * @implSpec Thread-safe; one round trip for each call, whatever else is going on: nothing waits for the lease of another name, for a
 *     transaction that has a {@link Fence}, or for a holder. All time is the backend's. A token is the highest one of the name and one,
 *     or the time of the backend in microseconds since 1970, whichever is more: so tokens still rise when the backend lost, or purged,
 *     what it knew of the name, provided its clock was not set back behind the last grant. What is known of a name is kept for {@value
 *     #IDLE_DAYS} days at least after its last lease ended; a backend in memory may forget it sooner, as long as tokens still rise. No
 *     call takes part in a transaction of the application: what it does is seen by others at once and stays when the transaction rolls
 *     back; where that is impossible, the call fails at once.
 */
public interface Leases {

    /** The most characters that an owner has. */
    int MAXIMUM_OWNER_LENGTH = 128;

    /** The most days for which a lease is granted at a time. */
    int MAXIMUM_DAYS = 366;

    /** For how many days at least the last token of a name is remembered after its lease ended. */
    int IDLE_DAYS = 7;

    /**
     * Ask for a lease.
     *
     * <p>If the owner has the lease already, it keeps its token and lasts for the time to live from now: so a caller that did not get
     * the answer may ask again. Owners that must exclude each other need different texts, which are best made anew for each acquisition.
     *
     * @param name what to have
     * @param owner the one that asks
     * @param timeToLive how long to have it, unless it is renewed
     * @return {@code Granted}, or {@code Held} if somebody else has it
     * @throws io.mecha.state.StateUnavailableException if there was no answer; the lease may have been granted
     */
    LeaseResult acquire(String name, String owner, Duration timeToLive);

    /**
     * Make leases last longer, or shorter.
     *
     * @param leases maps each lease to how long it is to last from now; not empty
     * @return the leases that last that long now; the others are over, also those that ended while nobody asked for the name
     * @throws io.mecha.state.StateUnavailableException if there was no answer; some or all may have been renewed
     */
    Set<Lease> renew(Map<Lease, Duration> leases);

    /**
     * End a lease. Its token stays the newest until the name is granted again.
     *
     * @param lease the lease
     * @return {@code false} if it was over already
     * @throws io.mecha.state.StateUnavailableException if there was no answer; the lease may have been ended
     */
    boolean release(Lease lease);
}
