// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.ContractReport;
import io.mecha.test.Eventually;
import io.mecha.test.Outage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Say what every state backend does; an adapter is done when a subclass passes.
 *
 * <p>Extend it once for each server that the adapter talks to, and for each supported version. What a backend does not
 * offer shows as aborted in the report. Each run leaves {@code target/mecha-capabilities/<adapter>.properties}, from which
 * the capability table of the documentation is made.
 *
 * @since 1.0
 */
@ExtendWith(ContractReport.class)
public abstract class StateBackendContract implements ContractReport.Subject {

    private final List<StateBackend> opened = new ArrayList<>();
    private @Nullable StateBackend current;

    /** Prepare a contract. */
    protected StateBackendContract() {}

    /**
     * Return what the report calls this backend.
     *
     * @return letters, digits, dots and hyphens, for example {@code jdbc-postgresql}; empty text to leave no report
     */
    protected abstract String adapter();

    /**
     * Open a backend on an empty keyspace.
     *
     * @return a new backend; the contract asks for one before each test and closes it after the test
     */
    protected abstract StateBackend backend();

    /**
     * Return what this backend must offer here: no fewer, no more.
     *
     * @return the interfaces that must have a handle
     */
    protected abstract Set<Class<?>> expectedCapabilities();

    /**
     * Open another backend on the keyspace of the current test, as another process would.
     *
     * @return a new backend, closed after the test; empty if only one node can see the keys
     */
    protected abstract Optional<StateBackend> anotherNode();

    /**
     * Return how to break the way to the server.
     *
     * @return acts on the backends of the current test; empty if there is no server
     */
    protected abstract Optional<Outage> outage();

    /**
     * Count what is stored, expired values that are not purged yet included.
     *
     * @return number of keys; empty if nobody can tell
     */
    protected abstract OptionalLong storedEntries();

    /**
     * Return the backend's clock.
     *
     * @return a clock that differs from the backend's by less than two seconds
     */
    protected InstantSource clock() {
        return InstantSource.system();
    }

    /**
     * Let time pass for the backend; waits unless overridden.
     *
     * @param duration at least how long
     */
    protected void advance(Duration duration) {
        Eventually.letPass(duration);
    }

    /**
     * Set the clock of this machine for the backend, as an administrator does; no time passes.
     *
     * @param difference how far; negative to set it back
     * @return {@code false} if the backend asks no clock of this machine, or it cannot be set
     */
    protected boolean setClock(Duration difference) {
        return false;
    }

    /**
     * Return how long to wait for what happens soon: a notification, the purge of expired values, the end of an outage.
     *
     * @return a deadline that is generous on a busy machine
     */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    /**
     * Return how long a call may take to fail while the server is out of reach.
     *
     * @return a little more than the time limit that the backend is configured with
     */
    protected Duration timeToFail() {
        return Duration.ofSeconds(5);
    }

    @Override
    public final String reportName() {
        return adapter();
    }

    @Override
    public final Map<String, String> reportFacts() {
        StateBackend backend = current();
        Map<String, String> facts = new TreeMap<>();
        facts.put(
                "capabilities",
                backend.capabilities().types().stream()
                        .map(Class::getSimpleName)
                        .sorted()
                        .collect(Collectors.joining(",")));
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

    @BeforeEach
    final void openBackend() {
        current = keep(backend());
    }

    @AfterEach
    final void closeBackends() {
        opened.forEach(StateBackend::close);
    }

    final StateBackend current() {
        return Objects.requireNonNull(current, "no test is running");
    }

    final StateBackend keep(StateBackend backend) {
        opened.add(backend);
        return backend;
    }

    /** What a backend says about itself, and its end. */
    @Nested
    class Lifecycle extends LifecycleBehaviour {
        Lifecycle() {
            super(StateBackendContract.this);
        }
    }

    /** What goes in comes out. */
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
