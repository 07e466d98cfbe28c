// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tasks that run at the same time.
 *
 * @since 1.0
 */
public final class Together {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final int VIRTUAL_THREADS = 21;

    private Together() {}

    /**
     * Start tasks on threads of their own at the same moment.
     *
     * @param <T> what a task returns
     * @param tasks what to run
     * @return what the tasks returned, in order
     * @throws Exception if this thread was interrupted
     */
    public static <T> List<T> run(List<Callable<T>> tasks) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        return run(
                executor,
                tasks.stream()
                        .<Callable<T>>map(task -> () -> {
                            start.await();
                            return task.call();
                        })
                        .toList());
    }

    /**
     * Run tasks on an executor, which is shut down afterwards.
     *
     * @param <T> what a task returns
     * @param executor runs the tasks
     * @param tasks what to run
     * @return what the tasks returned, in order
     * @throws Exception if this thread was interrupted
     */
    public static <T> List<T> run(ExecutorService executor, List<Callable<T>> tasks) throws Exception {
        try {
            List<Future<T>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(executor.submit(task)));
            long end = System.nanoTime() + DEADLINE.toNanos();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(get(future, end - System.nanoTime()));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    private static <T> T get(Future<T> future, long nanos) throws Exception {
        try {
            return future.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw new AssertionError("A concurrent caller failed: " + failure.getCause(), failure.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("Concurrent callers did not finish in " + DEADLINE, late);
        }
    }

    /**
     * Find out how to start virtual threads.
     *
     * @return an executor with a virtual thread for each task; empty if this JVM has no virtual threads
     * @throws Exception if they could not be started though the JVM has them
     */
    public static Optional<ExecutorService> virtualThreads() throws Exception {
        if (Runtime.version().feature() < VIRTUAL_THREADS) {
            return Optional.empty();
        }
        MethodHandle factory = MethodHandles.publicLookup()
                .findStatic(
                        Executors.class,
                        "newVirtualThreadPerTaskExecutor",
                        MethodType.methodType(ExecutorService.class));
        try {
            return Optional.of((ExecutorService) factory.invokeExact());
        } catch (Throwable failure) {
            throw new AssertionError("Virtual threads could not be started", failure);
        }
    }
}
