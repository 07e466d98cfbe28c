// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.contract.BackendContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;

/**
 * A contract of what every state backend does; an adapter is done when a subclass passes.
 *
 * <p>Extend it once for each server that the adapter talks to, and for each supported version. What a backend does not
 * offer shows as aborted in the report. Each run leaves {@code target/mecha-capabilities/<adapter>.properties}, from which
 * the capability table of the documentation is made.
 *
 * @since 1.0
 */
public abstract class StateBackendContract extends BackendContract<StateBackend> {

    /** Prepare a contract. */
    protected StateBackendContract() {}

    /**
     * Open a backend on an empty keyspace.
     *
     * @return a new backend; the contract asks for one before each test and closes it after the test
     */
    protected abstract StateBackend backend();

    /**
     * Open another backend on the keyspace of the current test, as another process would.
     *
     * @return a new backend, closed after the test; empty if only one node can see the keys
     */
    protected abstract Optional<StateBackend> anotherNode();

    /**
     * Count what is stored, expired values that are not purged yet included.
     *
     * @return number of keys; empty if nobody can tell
     */
    protected abstract OptionalLong storedEntries();

    /**
     * Take away what the backend knows of leases that are over, as the purge of idle names does, or a crash.
     *
     * @return {@code false} if the test cannot do that
     */
    protected boolean forgetLeases() {
        return false;
    }

    /**
     * Return the backend's clock.
     *
     * @return a clock that differs from the backend's by less than two seconds
     */
    protected InstantSource clock() {
        return InstantSource.system();
    }

    /**
     * Make locks and leaders over a backend.
     *
     * @param backend a backend of the current test
     * @return a node of its own; empty if the engine is not on the class path of the test
     */
    protected Optional<CoordinationNode> coordination(StateBackend backend) {
        return Optional.empty();
    }

    @Override
    protected Duration timeToFail() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected final Map<String, String> facts(StateBackend backend) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("limit.value-size", Integer.toString(backend.maximumValueSize()));
        backend.capabilities()
                .find(Transactions.class)
                .ifPresent(handle ->
                        facts.put("limit.transaction-operations", Integer.toString(handle.maximumOperations())));
        backend.capabilities()
                .find(KeyScan.class)
                .ifPresent(handle -> facts.put("scan.ordered", Boolean.toString(handle.ordered())));
        return facts;
    }

    @Override
    protected final StateBackend newBackend() {
        return backend();
    }

    /** A backend's description of itself, and its end. */
    @Nested
    class Lifecycle extends LifecycleBehaviour {
        Lifecycle() {
            super(StateBackendContract.this);
        }
    }

    /** Values that are read as they were written. */
    @Nested
    class Values extends ValueBehaviour {
        Values() {
            super(StateBackendContract.this);
        }
    }

    /** Different keys never meet. */
    @Nested
    class Keys extends KeyBehaviour {
        Keys() {
            super(StateBackendContract.this);
        }
    }

    /** Versions and preconditions of single writes. */
    @Nested
    class Versions extends VersionBehaviour {
        Versions() {
            super(StateBackendContract.this);
        }
    }

    /** Several keys in one call. */
    @Nested
    class Bulk extends BulkBehaviour {
        Bulk() {
            super(StateBackendContract.this);
        }
    }

    /** Values that disappear. */
    @Nested
    class Expiry extends ExpiryBehaviour {
        Expiry() {
            super(StateBackendContract.this);
        }
    }

    /** Many callers at once. */
    @Nested
    class Concurrency extends ConcurrencyBehaviour {
        Concurrency() {
            super(StateBackendContract.this);
        }
    }

    /** All or nothing. */
    @Nested
    class Transactional extends TransactionBehaviour {
        Transactional() {
            super(StateBackendContract.this);
        }
    }

    /** Keys by prefix. */
    @Nested
    class Scanning extends KeyScanBehaviour {
        Scanning() {
            super(StateBackendContract.this);
        }
    }

    /** Being told of changes. */
    @Nested
    class Notifying extends NotificationBehaviour {
        Notifying() {
            super(StateBackendContract.this);
        }
    }

    /** Names lent to one owner at a time. */
    @Nested
    class Leasing extends LeaseBehaviour {
        Leasing() {
            super(StateBackendContract.this);
        }
    }

    /** Transactions that demand a lease. */
    @Nested
    class Fencing extends FenceBehaviour {
        Fencing() {
            super(StateBackendContract.this);
        }
    }

    /** Locks over leases. */
    @Nested
    class Locking extends LockBehaviour {
        Locking() {
            super(StateBackendContract.this);
        }
    }

    /** Leaders over leases. */
    @Nested
    class Leading extends LeaderBehaviour {
        Leading() {
            super(StateBackendContract.this);
        }
    }

    /** Several nodes on one keyspace. */
    @Nested
    class Nodes extends NodeBehaviour {
        Nodes() {
            super(StateBackendContract.this);
        }
    }

    /** A server that goes and comes back. */
    @Nested
    class Faults extends FaultBehaviour {
        Faults() {
            super(StateBackendContract.this);
        }
    }
}
