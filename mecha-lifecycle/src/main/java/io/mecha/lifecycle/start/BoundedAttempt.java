// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.Thrown;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One attempt of a step on a thread of its own, which is interrupted when it takes too long. */
final class BoundedAttempt {

    /** How long an action that was interrupted may take to end. */
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private final StartStep step;
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    private BoundedAttempt(StartStep step) {
        this.step = step;
    }

    /**
     * Runs the action of a step.
     *
     * @throws TooLateException if it took too long, and has ended
     * @throws StuckStepException if it took too long, and still runs
     * @throws InterruptedException if this thread was interrupted; the action, too
     * @throws Exception what the action threw
     */
    static void run(StartStep step, Executor executor) throws Exception {
        BoundedAttempt attempt = new BoundedAttempt(step);
        executor.execute(attempt::act);
        attempt.await();
    }

    private void act() {
        thread.set(Thread.currentThread());
        try {
            step.action().run();
            result.complete(null);
        } catch (Throwable failure) { // allow CatchException: the thread that waits gets it
            result.completeExceptionally(failure);
        } finally {
            ended.countDown();
        }
    }

    private void await() throws Exception {
        try {
            result.get(step.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            Throwable thrown = Thrown.unwrap(failed);
            if (thrown instanceof Exception exception) {
                throw exception;
            }
            throw failed;
        } catch (TimeoutException late) {
            end();
            throw new TooLateException(step);
        } catch (InterruptedException interrupted) {
            end();
            throw interrupted;
        }
    }

    /** Interrupts the action, and waits for its end, so that it never runs beside its own next attempt. */
    private void end() {
        Thread running = thread.get();
        if (running != null) {
            running.interrupt();
        }
        Duration patience = step.timeout().compareTo(LONGEST_END) < 0 ? step.timeout() : LONGEST_END;
        boolean over = false;
        try {
            over = ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
        if (!over) {
            throw new StuckStepException(step, result);
        }
    }

    /** The failure of an attempt that took too long. */
    static final class TooLateException extends Exception {

        private static final long serialVersionUID = 1L;

        TooLateException(StartStep step) {
            super("It took longer than %s and was interrupted".formatted(step.timeout()));
        }
    }
}
