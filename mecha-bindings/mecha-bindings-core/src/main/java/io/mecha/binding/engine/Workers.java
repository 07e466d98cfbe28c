// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the threads that handlers run on: virtual where the JVM has them, otherwise a bounded pool. */
final class Workers {

    private static final int POOL = 256;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final @Nullable ExecutorFactory VIRTUAL = virtual();

    private Workers() {}

    static ExecutorService create(String name) {
        return VIRTUAL == null ? pool(name, POOL, IDLE) : VIRTUAL.create();
    }

    /** Makes a pool that adds a thread only when none is idle, up to a bound, and lets idle ones go. */
    static ThreadPoolExecutor pool(String name, int maximum, Duration idle) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        Waiting waiting = new Waiting();
        return new ThreadPoolExecutor(
                0, maximum, idle.toNanos(), TimeUnit.NANOSECONDS, waiting, threads, (task, pool) -> {
                    if (pool.isShutdown()) {
                        throw new RejectedExecutionException("The engine is closed");
                    }
                    waiting.keep(task);
                });
    }

    /** Looks the method up that Java has since 21; {@code null} before. */
    private static @Nullable ExecutorFactory virtual() {
        try {
            var method = MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
            return () -> {
                try {
                    return (ExecutorService) method.invokeExact();
                } catch (Throwable failure) { // what MethodHandle declares
                    throw new IllegalStateException("The JVM cannot make virtual threads", failure);
                }
            };
        } catch (ReflectiveOperationException absent) {
            return null;
        }
    }

    /** Tasks that wait for a thread: refused while none is idle, so that the pool adds one, until it has enough. */
    private static final class Waiting extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        void keep(Runnable task) {
            super.offer(task);
        }
    }

    /** Makes an executor. */
    @FunctionalInterface
    private interface ExecutorFactory {

        ExecutorService create();
    }
}
