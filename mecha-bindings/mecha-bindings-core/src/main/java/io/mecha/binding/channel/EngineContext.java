// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.codec.Codecs;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Timers;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.KeyValueStore;
import io.mecha.state.spi.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts that all channels of an engine share.
 *
 * @param application name of the application, the group of subscriptions that name none
 * @param node tells this JVM from others of the application, for claims and reply channels
 * @param codecs codecs of payloads
 * @param clock tells the time of day; timeouts and delays use {@link #time}
 * @param observations registry of observations; a no-op registry switches them off
 * @param meters registry of meters to measure calls with instead of observing them; {@code null} if they are observed
 * @param stores finds the state store of a name; throws if there is none
 * @param leases finds the leases of a state store; throws if it has none
 * @param transactions runs handlers in transactions; {@code null} if the application has none
 * @param source makes channels that are not there yet, and outboxes
 * @param timers runs short tasks later
 * @param workers runs handlers, on virtual threads where the JVM has them
 * @param background runs what must go on while all workers are busy with handlers: relays, dead letters, claims that are renewed
 * @param channels finds the channels of the engine
 * @param marks signs and reads marks of messages
 */
public record EngineContext(
        String application,
        String node,
        Codecs codecs,
        InstantSource clock,
        ObservationRegistry observations,
        @Nullable MeterRegistry meters,
        Function<String, KeyValueStore<byte[]>> stores,
        Function<String, Leases> leases,
        @Nullable TransactionRunner transactions,
        ChannelSource source,
        Timers timers,
        Executor workers,
        Executor background,
        ChannelDirectory channels,
        Marks marks) {

    /**
     * Tell whether calls are observed or measured.
     *
     * @return whether anybody wants to know of them
     */
    public boolean isObserved() {
        return meters != null || !observations.isNoop();
    }

    /**
     * Return what measures delays and timeouts; the clock is for the calendar.
     *
     * @return the time of the timers
     */
    public ElapsedTime time() {
        return timers.time();
    }
}
