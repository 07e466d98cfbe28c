// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import io.mecha.lifecycle.Drain;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A task on a thread of its own, with a time after which it is interrupted and nobody waits for it any more. */
final class BoundedTask implements Drain {

    /** A task of the drain. */
    interface Work {

        void run(Drain drain) throws Exception;
    }

    private static final Duration BEGIN = Duration.ofSeconds(5);

    private final DrainTime time;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Future<?> future;
    private volatile String unfinished = "";
    private volatile @Nullable Throwable failure;

    BoundedTask(DrainTime time, ExecutorService threads, Work work) {
        this.time = time;
        this.future = threads.submit(() -> run(work));
    }

    private void run(Work work) {
        begun.countDown();
        try {
            work.run(this);
        } catch (Throwable thrown) { // allow CatchException: reported by the thread that waits
            failure = thrown;
        } finally {
            ended.countDown();
        }
    }

    /** Waits for the end; {@code false} if the time was over before. */
    boolean await() {
        boolean done = false;
        try {
            done = time.await(ended);
            if (!done) {
                // What is cancelled before it has begun never begins, and everything is told once.
                boolean unused = begun.await(BEGIN.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!done) {
            future.cancel(true);
        }
        return done;
    }

    /** Returns what the task threw, if it has. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Returns what the task said is not finished; empty if it has not said anything. */
    String unfinished() {
        return unfinished;
    }

    Duration spent() {
        return time.spent();
    }

    @Override
    public Duration remaining() {
        return time.left(100);
    }

    @Override
    public void unfinished(String work) {
        unfinished = work;
    }
}
