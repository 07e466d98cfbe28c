// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Repeats an operation for a while. */
final class Cell {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEDIAN = 0.5;
    private static final double RARE = 0.99;

    private final String name;
    private final int callers;
    private final Operation operation;
    private final CountDownLatch ready;
    private final CountDownLatch start = new CountDownLatch(1);
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile boolean stopped;

    private Cell(String name, int callers, Operation operation) {
        this.name = name;
        this.callers = callers;
        this.operation = operation;
        this.ready = new CountDownLatch(callers);
    }

    static Sample measure(String name, int callers, Operation operation, Duration time, List<CpuMeter> meters)
            throws InterruptedException {
        return new Cell(name, callers, operation).run(time, meters);
    }

    private Sample run(Duration time, List<CpuMeter> meters) throws InterruptedException {
        List<Latencies> latencies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < callers; number++) {
            Latencies own = new Latencies();
            int thread = number;
            latencies.add(own);
            threads.add(new Thread(() -> call(thread, own), "load-" + thread));
        }
        threads.forEach(Thread::start);
        ready.await();
        List<Duration> before = read(meters);
        long begin = System.nanoTime();
        start.countDown();
        await(time);
        for (Thread thread : threads) {
            thread.join();
        }
        long nanos = System.nanoTime() - begin;
        List<Duration> after = read(meters);
        Latencies all = new Latencies();
        latencies.forEach(all::add);
        List<Double> cpu = new ArrayList<>();
        for (int index = 0; index < meters.size(); index++) {
            Duration used = after.get(index).minus(before.get(index));
            cpu.add(used.toNanos() / Numbers.NANOS_PER_MICRO / all.total());
        }
        double perSecond = all.total() * NANOS_PER_SECOND / nanos;
        return new Sample(perSecond, all.microsAt(MEDIAN), all.microsAt(RARE), cpu);
    }

    private static List<Duration> read(List<CpuMeter> meters) {
        return meters.stream().map(meter -> meter.used().get()).toList();
    }

    // Ends early, and the whole benchmark with it, when a call fails.
    private void await(Duration time) throws InterruptedException {
        try {
            failure.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException expected) {
            stopped = true;
        } catch (ExecutionException failed) {
            throw new IllegalStateException("A call of '%s' failed".formatted(name), failed.getCause());
        } finally {
            stopped = true;
        }
    }

    private void call(int thread, Latencies latencies) {
        try {
            ready.countDown();
            start.await();
            int random = (thread + 1) * 0x9E3779B9;
            long before = System.nanoTime();
            while (!stopped) {
                random ^= random << 13;
                random ^= random >>> 17;
                random ^= random << 5;
                operation.run(thread, random >>> 1);
                long after = System.nanoTime();
                latencies.record(after - before);
                before = after;
            }
        } catch (Exception failed) { // allow CatchException: handed to the thread that waits for this one
            failure.completeExceptionally(failed);
        }
    }
}
