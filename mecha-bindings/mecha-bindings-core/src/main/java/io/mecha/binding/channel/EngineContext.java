// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.codec.Codecs;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Timers;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.KeyValueStore;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts that all channels of an engine share.
 *
 * @param node tells this JVM from others of the application, for claims and reply channels
 * @param stores finds the state store of a name; throws if there is none
 * @param transactions runs handlers in transactions; {@code null} if the application has none
 * @param timers runs short tasks later
 * @param workers runs handlers, on virtual threads where the JVM has them
 * @param background runs what must go on while all workers are busy with handlers: relays, dead letters, claims that are renewed
 */
public record EngineContext(
        String application,
        String node,
        Codecs codecs,
        InstantSource clock,
        ObservationRegistry observations,
        Function<String, KeyValueStore<byte[]>> stores,
        @Nullable TransactionRunner transactions,
        ChannelSource source,
        Timers timers,
        Executor workers,
        Executor background,
        ChannelDirectory channels,
        Marks marks) {

    /** Returns what measures delays and timeouts; the clock is for the calendar. */
    public ElapsedTime time() {
        return timers.time();
    }
}
