// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.contract;

import io.mecha.spi.Backend;
import io.mecha.test.Eventually;
import io.mecha.test.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A contract of backends: the base of the contract of each primitive, whose tests are nested classes that extend {@link
 * ContractGroup}.
 *
 * <p>An adapter extends the contract of its primitive once for each server that it talks to, and for each supported version. What a
 * backend does not offer shows as aborted in the {@linkplain ContractReport report}.
 *
 * @param <B> backends of the primitive
 * @since 1.0
 */
@ExtendWith(ContractReport.class)
public abstract class BackendContract<B extends Backend> implements ContractReport.Subject {

    private final List<B> opened = new ArrayList<>();
    private @Nullable B current;

    /** Prepare a contract. */
    protected BackendContract() {}

    /**
     * Return what the report calls this backend.
     *
     * @return letters, digits, dots and hyphens, for example {@code jdbc-postgresql}; empty text to leave no report
     */
    protected abstract String adapter();

    /**
     * Return what this backend must offer here: no fewer, no more.
     *
     * @return the interfaces that must have a handle
     */
    protected abstract Set<Class<?>> expectedCapabilities();

    /**
     * Return how to break the way to the server.
     *
     * @return acts on the backends of the current test, not on other nodes; empty if there is no server
     */
    protected abstract Optional<Outage> outage();

    /**
     * Open the backend of a test; called before each.
     *
     * @return a new backend, which this contract closes after the test
     */
    protected abstract B newBackend();

    /**
     * Return what the report says of a backend beside its capabilities, such as its limits.
     *
     * @param backend the backend of the current test
     * @return values by name, both without line breaks
     */
    protected abstract Map<String, String> facts(B backend);

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
     * Return how long to wait for what happens soon: a message, a notification, the purge of expired values, a new member of a group,
     * the end of an outage.
     *
     * @return a deadline that is generous on a busy machine
     */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    /**
     * Return how long to watch that something does not happen.
     *
     * @return longer than the backend needs on an idle machine for what must not happen, such as handing out a message
     */
    protected Duration quiet() {
        return Duration.ofMillis(300);
    }

    /**
     * Return how long a call may take to fail while the server is out of reach.
     *
     * @return a little more than the time limit that the backend is configured with
     */
    protected Duration timeToFail() {
        return Duration.ofSeconds(10);
    }

    /**
     * Return the backend of the current test.
     *
     * @return what {@link #newBackend()} returned before the test
     */
    protected final B current() {
        return Objects.requireNonNull(current, "no test is running");
    }

    /**
     * Close a backend after the current test, before those that were opened earlier.
     *
     * @param <T> its type
     * @param backend one more backend that the test opened
     * @return the backend
     */
    protected final <T extends B> T keep(T backend) {
        opened.add(backend);
        return backend;
    }

    @Override
    public String reportName() {
        return adapter();
    }

    @Override
    public final Map<String, String> reportFacts() {
        B backend = current();
        Map<String, String> facts = new TreeMap<>(facts(backend));
        facts.put(
                "capabilities",
                backend.capabilities().types().stream()
                        .map(Class::getSimpleName)
                        .sorted()
                        .collect(Collectors.joining(",")));
        return facts;
    }

    @BeforeEach
    final void openBackend() {
        current = keep(newBackend());
    }

    @AfterEach
    final void closeBackends() {
        outage().ifPresent(Outage::restore);
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** Every backend's description of itself, and its end. */
    @Nested
    class Backends extends BackendBehaviour<B> {
        Backends() {
            super(BackendContract.this);
        }
    }
}
