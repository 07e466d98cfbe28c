// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** A check that runs once at a time however many ask, whose answer is used again for a while, and for which nobody waits too long. */
final class CachedHealth implements HealthIndicator {

    private final Supplier<Health> check;
    private final Executor executor;
    private final Duration timeout;
    private final long maxAgeNanos;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private volatile @Nullable Answer last;

    private record Answer(Health health, long at) {}

    private record Running(CompletableFuture<Answer> answer, long since) {}

    /**
     * @param check may block, and does not throw
     * @param executor runs the check
     * @param timeout the longest time to wait for an answer
     * @param maxAge for how long an answer is used again; zero for never
     */
    CachedHealth(Supplier<Health> check, Executor executor, Duration timeout, Duration maxAge) {
        this.check = check;
        this.executor = executor;
        this.timeout = timeout;
        this.maxAgeNanos = maxAge.toNanos();
    }

    @Override
    public Health health() {
        Answer known = last;
        if (known != null && System.nanoTime() - known.at() < maxAgeNanos) {
            return known.health();
        }
        Running now = begin();
        try {
            long left = timeout.toNanos() - (System.nanoTime() - now.since());
            return now.answer().get(Math.max(0, left), TimeUnit.NANOSECONDS).health();
        } catch (TimeoutException late) {
            return Health.down()
                    .withDetail("problem", "No answer within %s.".formatted(timeout))
                    .build();
        } catch (ExecutionException failed) {
            return ComponentHealth.down(failed.getCause()).build();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Health.unknown().build();
        }
    }

    /** Joins the check that runs, if one does, so that neither checks nor those who ask pile up behind one that hangs. */
    private Running begin() {
        Running mine = new Running(new CompletableFuture<>(), System.nanoTime());
        Running other = running.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        try {
            executor.execute(() -> run(mine));
        } catch (RuntimeException refused) { // allow CatchException: all who ask are told
            end(mine);
            mine.answer().completeExceptionally(refused);
        }
        return mine;
    }

    private void run(Running mine) {
        try {
            Answer answer = new Answer(check.get(), System.nanoTime());
            last = answer;
            end(mine);
            mine.answer().complete(answer);
        } catch (Throwable failure) { // allow CatchException: all who ask are told
            end(mine);
            mine.answer().completeExceptionally(failure);
        }
    }

    private void end(Running mine) {
        running.compareAndSet(mine, null);
    }
}
