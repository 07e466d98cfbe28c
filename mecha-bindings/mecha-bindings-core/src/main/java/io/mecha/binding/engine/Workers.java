// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the threads that handlers run on: virtual where the JVM has them, otherwise a bounded pool. */
final class Workers {

    private static final int POOL = 256;
    private static final @Nullable ExecutorFactory VIRTUAL = virtual();

    private Workers() {}

    static ExecutorService create(String name) {
        return VIRTUAL == null ? pool(name) : VIRTUAL.create();
    }

    private static ExecutorService pool(String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(POOL, POOL, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
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

    /** Makes an executor. */
    @FunctionalInterface
    private interface ExecutorFactory {

        ExecutorService create();
    }
}
