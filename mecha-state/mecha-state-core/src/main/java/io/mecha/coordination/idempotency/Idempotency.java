// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import io.mecha.Capabilities;
import io.mecha.coordination.CallIsolationException;
import io.mecha.coordination.idempotency.CallRecord.State;
import io.mecha.runtime.Ids;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an application that run once for each key, and what came out of them, in a state store.
 *
 * <p>A key that is known costs one read. A new one is lent to the node that runs the call, and the token of the lease is demanded by
 * every write of the call: first that it runs, with its fingerprint, then that a transaction of it commits, at last its result. The
 * lease is renewed while the call runs. If the node ends, or stands still, the lease ends; then the next call with the key finds the
 * last of these records: it runs again if the first has not marked that it is done. What a node writes that lost the lease is refused.
 *
 * <p>The lease is lent on a connection of its own, so that others see it at once, also when the call is made inside a transaction.
 * There, nothing says that the call runs but the lease.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 * @implNote Source: draft-ietf-httpapi-idempotency-key-header-07.
 */
public final class Idempotency implements AutoCloseable {

    private static final String FEATURE = "idempotency";

    /** How often a key is looked at again that changes in between, before the caller is told to come back. */
    private static final int ATTEMPTS = 3;

    private final StateBackend backend;
    private final String prefix;
    private final Leases leases;
    private final Transactions transactions;
    private final @Nullable SurroundingTransaction surrounding;
    private final LeaseKeeper keeper;
    private final Duration lease;

    /**
     * Make an engine over a state store.
     *
     * @param store keeps the records under keys of its own, encrypted as its values are
     * @param lease how long the key of a call is lent at a time
     * @throws MissingCapabilityException if the store offers no leases or no transactions
     */
    public Idempotency(StateStoreComponent store, Duration lease) {
        Capabilities capabilities = store.capabilities();
        this.backend = store.reserved();
        this.prefix = store.reservedPrefix(FEATURE);
        this.leases = require(store, capabilities, Leases.class);
        require(store, capabilities, Transactions.class);
        this.transactions = require(store, backend.capabilities(), Transactions.class);
        this.surrounding = capabilities.find(SurroundingTransaction.class).orElse(null);
        this.lease = lease;
        this.keeper = new LeaseKeeper(leases, transactions, lease);
    }

    private static <C> C require(StateStoreComponent store, Capabilities capabilities, Class<C> capability) {
        return capabilities
                .find(capability)
                .orElseThrow(() ->
                        new MissingCapabilityException(store.name(), store.type(), capability, capabilities.types()));
    }

    /**
     * Ask whether a call may run.
     *
     * @param key names the call, in 1 to 255 characters
     * @param fingerprint what the call is, in at most 255 bytes; empty if the key says it all
     * @param timeToLive how long to remember the call
     * @return the answer; an {@code Execution} in it has to be closed
     * @throws CallIsolationException if the transaction on this thread could not commit a result that is new
     * @throws io.mecha.state.StateUnavailableException if there was no answer
     */
    public Admission begin(String key, byte[] fingerprint, Duration timeToLive) {
        String stored = prefix + key;
        Duration remaining = Duration.ZERO;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Entry entry = backend.read(stored);
            Admission known = known(entry, fingerprint);
            if (known != null) {
                return known;
            }
            refuseSnapshot();
            String owner = Ids.random();
            LeaseResult result = leases.acquire(stored, owner, lease);
            if (result instanceof Granted granted) {
                Execution execution =
                        new Execution(this, new Lease(stored, owner, granted.token()), fingerprint, timeToLive);
                Admission admission = admit(execution, stored, entry);
                if (admission != null) {
                    return admission;
                }
            } else if (result instanceof Held held) {
                remaining = held.remaining();
                // It may have been completed since it was read; the lease is left to end by itself.
                Admission late = known(backend.read(stored), fingerprint);
                return late == null ? new Admission.Running(remaining) : late;
            }
        }
        return new Admission.Running(remaining);
    }

    /** The lease, and the fence in the transaction, would be of different times. */
    private void refuseSnapshot() {
        SurroundingTransaction joined = surrounding();
        if (joined != null) {
            joined.snapshot().ifPresent((level) -> {
                throw new CallIsolationException(level);
            });
        }
    }

    private @Nullable Admission admit(Execution execution, String stored, @Nullable Entry seen) {
        keeper.keep(execution.lease());
        boolean begun = false;
        try {
            if (surrounding() == null) {
                begun = execution.begin(seen == null ? null : seen.version());
            } else {
                Entry now = backend.read(stored);
                Admission known = known(now, execution.fingerprint());
                if (known != null) {
                    return known;
                }
                execution.beginAfter(now == null ? null : now.version());
                begun = true;
            }
        } finally {
            if (!begun) {
                keeper.release(execution.lease());
            }
        }
        return begun ? new Admission.Run(execution) : null;
    }

    private static @Nullable Admission known(@Nullable Entry entry, byte[] fingerprint) {
        if (entry == null) {
            return null;
        }
        CallRecord call = CallRecord.read(entry.value().bytes());
        if (!call.isOf(fingerprint)) {
            return new Admission.Mismatch();
        }
        if (call.state() == State.COMPLETE) {
            return new Admission.Replay(call.result());
        }
        return call.state() == State.DONE ? new Admission.Lost() : null;
    }

    /**
     * Tell whether transactions of the application on this thread commit what is kept of a call.
     *
     * @return whether one is active now
     */
    public boolean joins() {
        return surrounding() != null;
    }

    /**
     * Return how large a result may be.
     *
     * @return the most bytes
     */
    public int maximumResultSize() {
        return backend.maximumValueSize() - CallRecord.OVERHEAD;
    }

    /** Returns the transaction of the application that is active, if any. */
    @Nullable SurroundingTransaction surrounding() {
        return surrounding != null && surrounding.active() ? surrounding : null;
    }

    Transactions transactions() {
        return transactions;
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    /** Renew no leases any more; those of calls that run end by themselves. Calling it again does nothing. */
    @Override
    public void close() {
        keeper.close();
    }
}
