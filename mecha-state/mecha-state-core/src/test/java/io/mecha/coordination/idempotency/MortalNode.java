// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import io.mecha.Capabilities;
import io.mecha.state.TransactionResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.state.ForwardingBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The view that one node has of a backend, until it dies before or after one of its requests; counts requests. */
final class MortalNode extends ForwardingBackend {

    private static final int NEVER = Integer.MAX_VALUE;

    private final AtomicInteger requests = new AtomicInteger();
    private final Capabilities capabilities;
    private final int last;
    private final boolean arrives;
    private volatile boolean dead;

    MortalNode(StateBackend delegate) {
        this(delegate, NEVER, true);
    }

    /** Dies with a request, counted from one, which arrives or does not. */
    MortalNode(StateBackend delegate, int last, boolean arrives) {
        super(delegate);
        this.last = last;
        this.arrives = arrives;
        this.capabilities = delegate.capabilities()
                .map(Transactions.class, CountedTransactions::new)
                .map(Leases.class, CountedLeases::new);
    }

    /** The end of a node. */
    static final class Death extends Error {

        private static final long serialVersionUID = 1L;
    }

    int requests() {
        return requests.get();
    }

    private <R> R request(Supplier<R> request) {
        if (dead) {
            throw new Death();
        }
        if (requests.incrementAndGet() < last) {
            return request.get();
        }
        dead = true;
        if (arrives) {
            R unused = request.get();
        }
        throw new Death();
    }

    @Override
    public @Nullable Entry read(String key) {
        return request(() -> super.read(key));
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /** The transactions of a node. */
    private final class CountedTransactions implements Transactions {

        private final Transactions delegate;

        CountedTransactions(Transactions delegate) {
            this.delegate = delegate;
        }

        @Override
        public int maximumOperations() {
            return delegate.maximumOperations();
        }

        @Override
        public TransactionResult execute(List<Operation> operations) {
            return request(() -> delegate.execute(operations));
        }
    }

    /** The leases of a node. */
    private final class CountedLeases implements Leases {

        private final Leases delegate;

        CountedLeases(Leases delegate) {
            this.delegate = delegate;
        }

        @Override
        public LeaseResult acquire(String name, String owner, Duration timeToLive) {
            return request(() -> delegate.acquire(name, owner, timeToLive));
        }

        @Override
        public Set<Lease> renew(Map<Lease, Duration> leases) {
            return dead ? Set.of() : delegate.renew(leases);
        }

        @Override
        public boolean release(Lease lease) {
            return !dead && request(() -> delegate.release(lease));
        }
    }
}
