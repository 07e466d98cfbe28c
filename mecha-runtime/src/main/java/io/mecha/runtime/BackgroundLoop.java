// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A loop on a thread of its own: a step, a rest, and again, until it is closed.
 *
 * <p>A step that throws is a warning once, shows in {@link Troubles} until one does not, and is run again after a pause that grows, as
 * {@link SupervisedThread} says. There is no thread before the loop is started, and none once it has ended. Thread-safe.
 */
public final class BackgroundLoop implements AutoCloseable {

    /** A rest that ends when somebody wakes the loop. */
    public static final Duration UNTIL_WOKEN = Duration.ofDays(365);

    private final SupervisedThread thread;
    private final Step step;
    private final Runnable last;
    private final Semaphore wakes = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();

    /** Touched by the thread only. */
    private Duration rest;

    /** A part of the work that a loop repeats. */
    @FunctionalInterface
    public interface Step {

        /**
         * Do it once.
         *
         * @return how long to rest before it is done again; zero or more
         */
        Duration run();
    }

    /**
     * Prepare a loop.
     *
     * @param name name of its thread
     * @param first how long to rest before the first step
     * @param step the work
     */
    public BackgroundLoop(String name, Duration first, Step step) {
        this(name, first, step, () -> {});
    }

    /**
     * Prepare a loop that has something to finish.
     *
     * @param name name of its thread
     * @param first how long to rest before the first step
     * @param step the work
     * @param last what is done after the last step, when the loop is closed
     */
    public BackgroundLoop(String name, Duration first, Step step, Runnable last) {
        this.thread = new SupervisedThread(name, this::run);
        this.rest = first;
        this.step = step;
        this.last = last;
    }

    /** Begin, unless that was done before; costs next to nothing then. */
    public void start() {
        if (!started.get() && started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /** End the rest of now, or the next one if there is none. */
    public void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    /**
     * Tell whether the loop is closed, so that a long step ends early.
     *
     * @return whether no other step follows
     */
    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /**
     * Wait within a step.
     *
     * @param duration how long, unless the loop is closed before
     * @return whether it is closed
     */
    public boolean closedWithin(Duration duration) {
        try {
            return closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException nobodyMay) {
            throw interrupted(nobodyMay);
        }
    }

    private void run() {
        while (!rests()) {
            rest = step.run();
            thread.over();
        }
        last.run();
    }

    /** Rests; {@code true} if the loop is closed. */
    private boolean rests() {
        try {
            if (!isClosed() && wakes.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS)) {
                wakes.drainPermits();
            }
            return isClosed();
        } catch (InterruptedException nobodyMay) {
            throw interrupted(nobodyMay);
        }
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        return new IllegalStateException("This thread was interrupted", cause); // begins again
    }

    /** End the loop after the step that runs now, without waiting for it. */
    @Override
    public void close() {
        closed.countDown();
        wakes.release();
        thread.stop();
    }

    /**
     * End the loop after the step that runs now, and wait for it, as {@link SupervisedThread#awaitEnd} does: at once on its own thread.
     */
    public void end() {
        close();
        thread.awaitEnd();
    }

    /**
     * End the loop, and wait for it.
     *
     * @param budget the longest time to wait
     * @return whether it has ended
     */
    public boolean close(Duration budget) {
        close();
        return !started.get() || thread.awaitEnd(budget);
    }
}
