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
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.messaging.support.GenericMessage;

/**
 * What does it cost to send to a handler that runs on the thread of the sender, and to call it at once, without bytes?
 *
 * <p>A send makes an event with an id and a time, counts it, keeps it until the handler has returned, and would retry or
 * write a dead letter if the handler failed. What Spring has for the same within a JVM does none of that.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DirectBenchmark {

    private final Order order = Order.of(1);
    private final DirectChannel direct = new DirectChannel();
    private final GenericApplicationContext context = new GenericApplicationContext();
    private final MemoryChannel payloads = new MemoryChannel(true, event -> {
        handled = event.data();
        return Outcome.ack();
    });
    private final MemoryChannel events = new MemoryChannel(true, event -> {
        handled = event;
        return Outcome.ack();
    });
    private @Nullable Object handled;

    /** Subscribe all handlers. */
    public DirectBenchmark() {
        direct.subscribe(message -> handled = message.getPayload());
        context.addApplicationListener(ApplicationListener.forPayload((Order payload) -> handled = payload));
        context.refresh();
    }

    /** Stop what has threads. */
    @TearDown
    public void close() {
        payloads.close();
        events.close();
        context.close();
    }

    /** Spring Integration's channel without a queue. */
    @Benchmark
    public @Nullable Object directChannel() {
        direct.send(new GenericMessage<>(order));
        return handled;
    }

    /** Spring's application events. */
    @Benchmark
    public @Nullable Object applicationEvent() {
        context.publishEvent(order);
        return handled;
    }

    /** A synchronous channel whose handler takes the payload. */
    @Benchmark
    public @Nullable Object channel() {
        payloads.sender().send(order);
        return handled;
    }

    /** A synchronous channel whose handler keeps the whole event. */
    @Benchmark
    public @Nullable Object channelOfEvents() {
        events.sender().send(order);
        return handled;
    }

    /** A synchronous channel to which an event is sent that says its type and subject itself. */
    @Benchmark
    public @Nullable Object ownEvent() {
        events.sender()
                .send(Event.<Order>builder()
                        .type("order.placed")
                        .subject(order.id())
                        .data(order)
                        .build());
        return handled;
    }
}
