// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads and executors of engines and adapters, each with a name.
 *
 * <p>All are virtual where the JVM has virtual threads, except where it is said, and daemons otherwise. No executor has a thread while
 * there is nothing to do.
 */
public final class Threads {

    private static final int WORKERS = 256;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final @Nullable Virtual VIRTUAL = Virtual.lookUp();

    private Threads() {}

    /**
     * Make an executor for tasks that may take long: a virtual thread for each, or a pool of {@value #WORKERS} where there are none.
     *
     * @param name name of its threads, which get a number
     * @return an executor that refuses tasks once it is shut down
     */
    public static ExecutorService workers(String name) {
        return VIRTUAL == null ? pool(name, WORKERS, IDLE) : VIRTUAL.executor(name);
    }

    /**
     * Make an executor that runs each task on a thread of its own at once, however many there are.
     *
     * @param name name of its threads, which get a number
     * @return an executor that refuses tasks once it is shut down
     */
    public static ExecutorService unbounded(String name) {
        return VIRTUAL == null ? platform(name) : VIRTUAL.executor(name);
    }

    /**
     * Make an executor that runs each task on a platform thread of its own at once, for clients that pin virtual threads.
     *
     * @param name name of its threads, which get a number
     * @return an executor that refuses tasks once it is shut down
     */
    public static ExecutorService platform(String name) {
        // As the others, and not a minute: those who end before they shut it down leave idle threads behind.
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE.toNanos(), TimeUnit.NANOSECONDS, new SynchronousQueue<>(), daemons(name));
    }

    /**
     * Make a pool that adds a thread only when none is idle, up to a bound; tasks beyond it wait.
     *
     * @param name name of its threads, which get a number
     * @param maximum how many tasks run at once; positive
     * @param idle how long a thread waits for another task before it ends
     * @return a pool that refuses tasks once it is shut down
     */
    public static ThreadPoolExecutor pool(String name, int maximum, Duration idle) {
        Waiting waiting = new Waiting();
        ThreadFactory threads = VIRTUAL == null ? daemons(name) : VIRTUAL.factory(name);
        return new ThreadPoolExecutor(
                0, maximum, idle.toNanos(), TimeUnit.NANOSECONDS, waiting, threads, (task, pool) -> {
                    if (pool.isShutdown()) {
                        throw new RejectedExecutionException("It is closed");
                    }
                    waiting.keep(task, pool);
                });
    }

    /**
     * Make a pool of so many threads that tasks beyond it wait.
     *
     * @param name name of its threads, which get a number
     * @param maximum how many tasks run at once; positive
     * @return a pool that refuses tasks once it is shut down
     */
    public static ThreadPoolExecutor pool(String name, int maximum) {
        return pool(name, maximum, IDLE);
    }

    /**
     * Make an executor of one platform thread, which runs tasks in the order in which they are due; once it is shut down it ignores
     * new ones.
     *
     * <p>A task that throws is neither reported nor run again: wrap it in a {@link GuardedTask}.
     *
     * @param name name of its thread
     * @return an executor, which forgets tasks that are cancelled
     */
    public static ScheduledThreadPoolExecutor scheduler(String name) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, task -> daemon(name, task));
        scheduler.setKeepAliveTime(IDLE.toNanos(), TimeUnit.NANOSECONDS);
        scheduler.allowCoreThreadTimeOut(true);
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return scheduler;
    }

    /**
     * Take no more tasks, and wait for those that run, half of the time without an interrupt: what they use is closed afterwards.
     *
     * @param executor what runs them; tasks that have not begun may be forgotten
     * @param budget the longest time to wait
     */
    public static void end(ExecutorService executor, Duration budget) {
        executor.shutdown();
        try {
            long half = budget.toNanos() / 2;
            if (!executor.awaitTermination(half, TimeUnit.NANOSECONDS)) {
                executor.shutdownNow();
                boolean unused = executor.awaitTermination(half, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Start a platform thread that the JVM does not end without.
     *
     * @param name its name
     * @param task what it runs, once
     */
    public static void startForeground(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(false);
        thread.start();
    }

    /**
     * Make a factory of platform threads, for clients that want one.
     *
     * @param name name of its threads, which get a number
     * @return a factory of daemons
     */
    public static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> daemon(name + "-" + count.incrementAndGet(), task);
    }

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Tasks that wait for a thread: refused while none is idle, so that the pool adds one, until it has enough. */
    private static final class Waiting extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        /** Keeps a task for the next thread that is free, and looks whether the last one has ended just before. */
        void keep(Runnable task, ThreadPoolExecutor pool) {
            super.offer(task);
            if (pool.getPoolSize() < pool.getMaximumPoolSize() && remove(task)) {
                pool.execute(task);
            }
        }
    }

    /** The methods that make virtual threads, which Java has since 21. */
    private record Virtual(Method builder, Method name, Method factory, Method executor) {

        static @Nullable Virtual lookUp() {
            try {
                Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual"); // allow ClassName: since 21
                Virtual found = new Virtual(
                        Thread.class.getMethod("ofVirtual"),
                        builder.getMethod("name", String.class, long.class),
                        builder.getMethod("factory"),
                        Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class));
                Object unused = found.builder().invoke(null); // as a preview it refuses
                return found;
            } catch (ReflectiveOperationException absent) {
                return null;
            }
        }

        ThreadFactory factory(String prefix) {
            try {
                return (ThreadFactory) factory.invoke(name.invoke(builder.invoke(null), prefix + "-", 1L));
            } catch (ReflectiveOperationException refused) {
                throw new IllegalStateException("The JVM cannot make virtual threads", refused);
            }
        }

        ExecutorService executor(String prefix) {
            try {
                return (ExecutorService) executor.invoke(null, factory(prefix));
            } catch (ReflectiveOperationException refused) {
                throw new IllegalStateException("The JVM cannot make virtual threads", refused);
            }
        }
    }
}
