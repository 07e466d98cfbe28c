// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A number that only the backend knows, for those who look at it: metrics and endpoints.
 *
 * <p>The backend is asked in the background, one question at a time. A reader waits for the answer, but not long, and not at all
 * while the backend is known to be slow: then the last answer holds for a minute, and after that the number is unknown.
 */
public final class BackendCount {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long STALE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Supplier<OptionalLong> question;
    private final Executor executor;
    private final AtomicBoolean slow;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<Void> asking;
    private volatile @Nullable Answer last;

    /**
     * Prepare to ask.
     *
     * @param question asks the backend, as long as that takes
     * @param executor runs the question
     * @param slow whether the backend took too long the last time; shared by all that ask it
     * @param patience how long to wait for an answer
     */
    public BackendCount(Supplier<OptionalLong> question, Executor executor, AtomicBoolean slow, Duration patience) {
        this.question = question;
        this.executor = executor;
        this.slow = slow;
        this.patienceNanos = patience.toNanos();
    }

    /**
     * Return the number.
     *
     * @return empty if it is not known now
     */
    public OptionalLong get() {
        if (!known(FRESH_NANOS)) {
            await(ask());
        }
        Answer answer = last;
        return answer != null && known(STALE_NANOS) ? answer.count() : OptionalLong.empty();
    }

    private boolean known(long nanos) {
        Answer answer = last;
        return answer != null && System.nanoTime() - answer.at() < nanos;
    }

    private void await(CompletableFuture<Void> answer) {
        try {
            answer.get(slow.get() ? 0 : patienceNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            slow.set(true);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            last = null;
        }
    }

    private CompletableFuture<Void> ask() {
        lock.lock();
        try {
            CompletableFuture<Void> present = asking;
            if (present == null || present.isDone()) {
                present = CompletableFuture.runAsync(this::answer, executor);
                asking = present;
            }
            return present;
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(closed);
        } finally {
            lock.unlock();
        }
    }

    private void answer() {
        long start = System.nanoTime();
        OptionalLong count = question.get();
        long end = System.nanoTime();
        slow.set(end - start > patienceNanos);
        last = new Answer(count, end);
    }

    /** An answer of the backend, with its time. */
    private record Answer(OptionalLong count, long at) {}
}
