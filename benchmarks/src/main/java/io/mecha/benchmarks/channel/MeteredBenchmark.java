// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.channel;

import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Outcome;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The cost of the meters of a send and of its handler, made of observations and written directly. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MeteredBenchmark {

    private final Order order = Order.of(1);
    private final MemoryChannel observed = MemoryChannel.observedForMeters(event -> {
        handled = event.data();
        return Outcome.ack();
    });
    private final MemoryChannel metered = MemoryChannel.metered(event -> {
        handled = event.data();
        return Outcome.ack();
    });
    private @Nullable Object handled;

    /** Stop what has threads. */
    @TearDown
    public void close() {
        observed.close();
        metered.close();
    }

    /** A synchronous channel with observations. */
    @Benchmark
    public @Nullable Object observed() {
        observed.sender().send(order);
        return handled;
    }

    /** A synchronous channel with meters alone. */
    @Benchmark
    public @Nullable Object metered() {
        metered.sender().send(order);
        return handled;
    }
}
