// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import io.mecha.binding.Encoding;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delivery;
import io.mecha.state.KeyValueStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The names, the clock and the backends with which a test wants its engine; there is a channel for every name that is asked for.
 *
 * @since 1.0
 */
public final class EngineSetup {

    /** Name of the state store. */
    static final String STORE = "state";

    private final BindingBackendContract contract;
    private volatile Duration set = Duration.ZERO;
    private final String node;
    private final Encoding encoding;
    private final List<CrashableBackend> backends = new CopyOnWriteArrayList<>();
    private final Set<String> unreachable = ConcurrentHashMap.newKeySet();
    private final Set<String> unwilling = ConcurrentHashMap.newKeySet();

    EngineSetup(BindingBackendContract contract, String node, Encoding encoding) {
        this.contract = contract;
        this.node = node;
        this.encoding = encoding;
    }

    /**
     * Return the name of the application, the default group.
     *
     * @return the name
     */
    public String application() {
        return "app";
    }

    /**
     * Return the name of the node.
     *
     * @return a name that no other engine of the test has
     */
    public String node() {
        return node;
    }

    /**
     * Return the clock of the engine.
     *
     * @return the system's, as far as the test does not set it
     */
    public InstantSource clock() {
        return () -> Instant.now().plus(set);
    }

    /** Sets the clock, as an administrator does: no time passes. */
    void setClock(Duration difference) {
        set = difference;
    }

    /**
     * Return the encoding of every channel.
     *
     * @return the encoding
     */
    public Encoding encoding() {
        return encoding;
    }

    /**
     * Return the state store of every name that the engine asks for.
     *
     * @return the store that the contract has for inboxes and delayed events
     * @throws java.util.NoSuchElementException if it has none
     */
    public Function<String, KeyValueStore<byte[]>> stores() {
        return name -> contract.store().orElseThrow();
    }

    /**
     * Return which state store keeps delayed events of channels whose backend cannot.
     *
     * @return the name of a store; {@code null} if the contract has none
     */
    public @Nullable String delayStore() {
        return contract.store().isPresent() ? STORE : null;
    }

    /**
     * Open the backend of a channel.
     *
     * @param channel name of the channel, which is also the destination
     * @return a new backend for the engine, which closes it
     */
    public BindingBackend backend(String channel) {
        CrashableBackend backend = new CrashableBackend(contract.open(channel), () -> failure(channel));
        backends.add(backend);
        return backend;
    }

    private @Nullable SendException failure(String channel) {
        if (unwilling.contains(channel)) {
            return SendException.unacceptable(channel, "simulated", "it is too large", null);
        }
        return unreachable.contains(channel) ? SendException.unreachable(channel, "simulated", null) : null;
    }

    /** Lets sends to a channel be refused for good. */
    void unwilling(String channel) {
        unwilling.add(channel);
    }

    /** Lets sends to a channel fail, or succeed again. */
    void unreachable(String channel, boolean failing) {
        if (failing) {
            unreachable.add(channel);
        } else {
            unreachable.remove(channel);
        }
    }

    /** Returns the deliveries that the engine took for a backend's own and that it never handed out. */
    List<Delivery> foreign() {
        return backends.stream().flatMap(backend -> backend.foreign().stream()).toList();
    }

    /** Ends the engine as far as the backend can see: nothing is acknowledged or received any more. */
    void crash() {
        backends.forEach(CrashableBackend::crash);
    }
}
