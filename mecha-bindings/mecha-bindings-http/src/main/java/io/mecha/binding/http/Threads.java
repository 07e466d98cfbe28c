// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.lang.reflect.Method;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes threads that wait for other servers: virtual ones where the JVM has them. */
final class Threads {

    private static final ThreadFactory FACTORY = factory();

    private Threads() {}

    /** Returns an executor that runs so many tasks at once, and queues the others. */
    static ThreadPoolExecutor pool(int size) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), FACTORY);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory factory() {
        try {
            Method virtual = Thread.class.getMethod("ofVirtual"); // since 21
            Class<?> type = virtual.getReturnType();
            Object builder = virtual.invoke(null);
            builder = type.getMethod("name", String.class, long.class).invoke(builder, "mecha-http-", 0L);
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException absent) {
            return task -> {
                Thread thread = new Thread(task, "mecha-http");
                thread.setDaemon(true);
                return thread;
            };
        }
    }
}
