// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.channel;

import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.integration.channel.ExecutorChannel;
import org.springframework.messaging.support.GenericMessage;

/**
 * How many events a second go to a handler on another thread?
 *
 * <p>Counted is what was handled: each invocation sends {@value #EVENTS} events and waits until the handler has had all of
 * them. 500 ns for an event are two million a second. One handler at a time, as a channel has by default.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOffBenchmark {

    static final int EVENTS = 50_000;

    private final Order order = Order.of(1);
    private final ExecutorService second = Executors.newSingleThreadExecutor();
    private final ThreadPoolExecutor handlers =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    private final ExecutorChannel executorChannel = new ExecutorChannel(handlers);
    private final MemoryChannel channel = new MemoryChannel(false, event -> {
        handle(event.data());
        return Outcome.ack();
    });

    // Written by the one handler that runs.
    private int missing;
    private CountDownLatch done = new CountDownLatch(1);

    /** Subscribe all handlers. */
    public HandOffBenchmark() {
        executorChannel.subscribe(message -> handle((Order) message.getPayload()));
    }

    /** Stop what has threads. */
    @TearDown
    public void close() {
        channel.close();
        second.shutdown();
        handlers.shutdown();
    }

    /** Returns how many events of the last invocation were not handled. */
    int missing() {
        return missing;
    }

    @SuppressWarnings("ReferenceEquality") // the instance itself is handed on
    private void handle(Order handled) {
        if (handled != order) {
            throw new IllegalStateException("Another order was handled");
        }
        missing--;
        if (missing == 0) {
            done.countDown();
        }
    }

    private void begin() {
        done = new CountDownLatch(1);
        missing = EVENTS;
    }

    /** A queue and a thread that Spring Integration hands over to. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void executorChannel() throws InterruptedException {
        begin();
        for (int number = 0; number < EVENTS; number++) {
            executorChannel.send(new GenericMessage<>(order));
        }
        done.await();
    }

    /** A channel with one sender. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void channel() throws InterruptedException {
        begin();
        send(EVENTS);
        done.await();
    }

    /** A channel with two senders. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void channelOfTwo() throws InterruptedException, ExecutionException {
        begin();
        Future<?> other = second.submit(() -> send(EVENTS / 2));
        send(EVENTS / 2);
        other.get();
        done.await();
    }

    private void send(int count) {
        Sender<Order> sender = channel.sender();
        for (int number = 0; number < count; number++) {
            sender.send(order);
        }
    }
}
