// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import io.mecha.Capabilities;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.state.ForwardingBackend;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** The view of a node that stands still: its leases end. */
final class NeverRenewed extends ForwardingBackend {

    NeverRenewed(StateBackend delegate) {
        super(delegate);
    }

    @Override
    public Capabilities capabilities() {
        return super.capabilities().map(Leases.class, Still::new);
    }

    /** Leases that nobody renews. */
    private record Still(Leases delegate) implements Leases {

        @Override
        public LeaseResult acquire(String name, String owner, Duration timeToLive) {
            return delegate.acquire(name, owner, timeToLive);
        }

        @Override
        public Set<Lease> renew(Map<Lease, Duration> leases) {
            return Set.of();
        }

        @Override
        public boolean release(Lease lease) {
            return delegate.release(lease);
        }
    }
}
