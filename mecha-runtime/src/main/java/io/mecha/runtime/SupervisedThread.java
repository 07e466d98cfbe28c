// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread whose task is run again whatever it throws, until it returns.
 *
 * <p>Before it runs again there is a pause, which begins at 100 ms and doubles up to 30 s, half of it by chance, and begins anew once
 * the task has run for a minute. Failures show in {@link Troubles}. A task that was interrupted begins again without the interrupt.
 */
public final class SupervisedThread {

    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(30)).shortened(0.5);
    private static final long STEADY_NANOS = Duration.ofMinutes(1).toNanos();

    private final String work;
    private final Runnable task;
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Prepare a thread.
     *
     * @param name name of the thread
     * @param task returns when it has nothing to do any more
     */
    public SupervisedThread(String name, Runnable task) {
        this.work = "Thread '" + name + "'";
        this.task = task;
        this.thread = Threads.daemon(name, this::run);
    }

    /**
     * Start a thread.
     *
     * @param name name of the thread
     * @param task returns when it has nothing to do any more
     * @return the thread, which runs
     */
    public static SupervisedThread start(String name, Runnable task) {
        SupervisedThread started = new SupervisedThread(name, task);
        started.start();
        return started;
    }

    /** Begin to run the task. */
    public void start() {
        thread.start();
    }

    /** Do not run the task again, should it fail; does not end it. */
    public void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /**
     * Return the thread, to wake it up or to wait for its end.
     *
     * @return the thread; ends after {@link #stop} when the task returns or throws
     */
    public Thread thread() {
        return thread;
    }

    /**
     * Wait until the thread has ended, after {@link #stop}; returns at once on the thread itself. An interrupt does not shorten the wait,
     * and is there afterwards.
     */
    public void awaitEnd() {
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Wait until the thread has ended, after {@link #stop}, but not for ever; returns at once on the thread itself. An interrupt ends the
     * wait, and is there afterwards.
     *
     * @param budget the longest time to wait
     * @return whether it has ended, or is the one that asks
     */
    public boolean awaitEnd(Duration budget) {
        if (Thread.currentThread() == thread) {
            return true;
        }
        try {
            thread.join(Math.max(1, budget.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Forgets what failed: the task is well again, though it has not returned. */
    void over() {
        Troubles.over(work);
    }

    private void run() {
        int failures = 0;
        boolean ended = false;
        while (!ended) {
            long start = System.nanoTime();
            try {
                task.run();
                ended = true;
            } catch (Throwable failure) { // allow CatchException: the task is run again
                Troubles.failed(work, failure);
                failures = System.nanoTime() - start > STEADY_NANOS ? 1 : failures + 1;
                ended = stopped || !pause(PAUSES.after(failures));
            }
        }
        Troubles.over(work);
    }

    /** Waits; {@code false} if the thread is not needed any more. */
    private boolean pause(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = end - System.nanoTime(); left > 0 && !stopped; left = end - System.nanoTime()) {
            boolean unused = Thread.interrupted();
            LockSupport.parkNanos(left);
        }
        boolean unused = Thread.interrupted();
        return !stopped;
    }
}
