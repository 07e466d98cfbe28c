// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Timers;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A broker within this JVM that behaves as one on a server: groups, order by key, redelivery, delay, expiry, bounds.
 *
 * <p>Only backends of the same broker see each other's messages; an application context has one. What it holds is lost when the
 * JVM ends.
 *
 * @since 1.0
 */
public final class MemoryBroker implements AutoCloseable {

    private final Map<String, Destination> destinations = new ConcurrentHashMap<>();
    private final ElapsedTime time;
    private final Timers due;
    private volatile boolean closed;

    /**
     * Create a broker without messages.
     *
     * @param clock a {@link io.mecha.VirtualClock} tells when messages are due and expire, and its moves are noticed within a few
     *     milliseconds; with any other, elapsed time does
     */
    public MemoryBroker(InstantSource clock) {
        this.time = ElapsedTime.of(Objects.requireNonNull(clock, "clock"));
        this.due = new Timers("mecha-memory-delay", time);
    }

    /**
     * Open a backend.
     *
     * @param channel name of the channel, for messages
     * @param destination name of the destination, which all its backends share
     * @param options the options
     * @return a new backend
     */
    public BindingBackend connect(String channel, String destination, MemoryBindingOptions options) {
        return new MemoryBindingBackend(channel, destination(destination), this, options);
    }

    /** Forget all messages, and stop. Calling it again does nothing. */
    @Override
    public void close() {
        closed = true;
        due.close();
        destinations.clear();
    }

    Destination destination(String name) {
        return destinations.computeIfAbsent(name, (unknown) -> new Destination(time));
    }

    boolean closed() {
        return closed;
    }

    ElapsedTime time() {
        return time;
    }

    Timers due() {
        return due;
    }
}
