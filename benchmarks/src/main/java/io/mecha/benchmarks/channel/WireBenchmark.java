// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.channel;

import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Event;
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

/**
 * The cost of an event as it goes over a wire: written as attributes and JSON, read and checked again, without a network.
 *
 * <p>The handler runs on the thread of the sender.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WireBenchmark {

    private final Order order = Order.of(1);
    private final MemoryChannel channel = MemoryChannel.ofBytes(event -> {
        handled = event;
        return Outcome.ack();
    });
    private @Nullable Object handled;

    /** Stop what has threads. */
    @TearDown
    public void close() {
        channel.close();
    }

    /** A payload, with the attributes that every event has. */
    @Benchmark
    public @Nullable Object payload() {
        channel.sender().send(order);
        return handled;
    }

    /** An event with a source, a subject, a key, an extension and two headers. */
    @Benchmark
    public @Nullable Object ownEvent() {
        channel.sender()
                .send(Event.<Order>builder()
                        .type("order.placed")
                        .source("/shop/orders")
                        .subject(order.id())
                        .key(order.id())
                        .extension("tenant", "north")
                        .header("content-language", "en")
                        .header("x-request-id", "4711")
                        .data(order)
                        .build());
        return handled;
    }
}
