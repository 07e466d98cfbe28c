// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc.lease;

import io.mecha.state.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A lease to renew. */
final class Renewal {

    private final Lease lease;
    private final byte[] key;
    private final long micros;

    private Renewal(Lease lease, Duration timeToLive) {
        this.lease = lease;
        this.key = LeaseTable.key(lease.name());
        this.micros = LeaseTable.micros(timeToLive);
    }

    /** Return renewals in the order of their rows, so that two nodes that lock several rows do not wait in a ring. */
    static List<Renewal> sorted(Map<Lease, Duration> leases) {
        List<Renewal> renewals = new ArrayList<>(leases.size());
        leases.forEach((lease, timeToLive) -> renewals.add(new Renewal(lease, timeToLive)));
        renewals.sort((left, right) -> Arrays.compareUnsigned(left.key, right.key));
        return renewals;
    }

    Lease lease() {
        return lease;
    }

    byte[] key() {
        return key;
    }

    long micros() {
        return micros;
    }
}
