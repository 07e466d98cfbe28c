// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Starts threads: virtual ones where the JVM has them. */
final class BrokerThreads {

    /** Runs each task on a thread of its own, at once. Has no threads while there is nothing to do. */
    static final ExecutorService EXECUTOR = executor();

    private BrokerThreads() {}

    private static ExecutorService executor() {
        MethodHandle virtual = findVirtual();
        if (virtual != null) {
            try {
                return (ExecutorService) virtual.invokeExact();
            } catch (RuntimeException | Error failure) {
                throw failure;
            } catch (Throwable failure) {
                throw new IllegalStateException("Virtual threads cannot be started", failure);
            }
        }
        return Executors.newCachedThreadPool(daemons("mecha-memory-broker"));
    }

    static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return (task) -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static @Nullable MethodHandle findVirtual() {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
        } catch (ReflectiveOperationException absent) {
            return null;
        }
    }
}
