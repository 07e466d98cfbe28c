// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static io.mecha.test.Eventually.eventually;
import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.VirtualClock;
import io.mecha.runtime.ElapsedTime;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DeadlinesTests {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final ElapsedTime TIME = ElapsedTime.of(InstantSource.system());

    private final Deadlines deadlines = new Deadlines();
    private final AtomicInteger cancelled = new AtomicInteger();

    @Test
    void cancelsAStatementThatRunsForTooLong() {
        try (Deadlines.Call late = deadlines.begin(statement(cancelled::incrementAndGet), AT_ONCE)) {
            eventually(SOON, () -> assertThat(cancelled).hasValue(1));
            assertThat(late).isNotNull();
        }

        assertThat(cancelled).hasValue(1);
    }

    @Test
    void cancelsNothingThatHasEnded() {
        AtomicInteger others = new AtomicInteger();
        Deadlines.Call ended = deadlines.begin(statement(others::incrementAndGet), AT_ONCE);
        ended.close();

        try (Deadlines.Call late = deadlines.begin(statement(cancelled::incrementAndGet), AT_ONCE)) {
            eventually(SOON, () -> assertThat(cancelled).hasValue(1));
            assertThat(late).isNotNull();
        }

        assertThat(others).hasValue(0);
    }

    @Test
    void endsNoCallWhileItIsBeingCancelled() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch delivered = new CountDownLatch(1);
        AtomicBoolean reused = new AtomicBoolean();
        Deadlines.Call call = deadlines.begin(
                statement(() -> {
                    sending.countDown();
                    await(delivered);
                    cancelled.incrementAndGet();
                }),
                AT_ONCE);
        AtomicReference<Integer> before = new AtomicReference<>();
        await(sending);
        Thread caller = new Thread(() -> {
            call.close();
            before.set(cancelled.get());
            reused.set(true);
        });
        caller.start();
        eventually(SOON, () -> assertThat(caller.getState()).isEqualTo(Thread.State.WAITING));

        caller.interrupt();
        assertThat(reused).isFalse();
        delivered.countDown();

        caller.join(SOON.toMillis());
        assertThat(before).hasValue(1);
    }

    @Test
    void endsACallWhoseCancellationFailed() {
        Deadlines.Call call = deadlines.begin(
                statement(() -> {
                    cancelled.incrementAndGet();
                    throw new SQLException("no way to the server", "08001");
                }),
                AT_ONCE);

        eventually(SOON, () -> assertThat(cancelled).hasValue(1));
        call.close();
    }

    @Test
    void endsACallForWhoseCancellationThereIsNoThread() {
        AtomicInteger threads = new AtomicInteger();
        AtomicBoolean exhausted = new AtomicBoolean(true);
        Deadlines scarce = new Deadlines(TIME, task -> {
            threads.incrementAndGet();
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        });
        Deadlines.Call call = scarce.begin(statement(cancelled::incrementAndGet), AT_ONCE);
        eventually(SOON, () -> assertThat(threads).hasValue(1));

        assertThat(runAsync(call::close)).succeedsWithin(SOON);
        assertThat(cancelled).hasValue(0);

        exhausted.set(false);
        try (Deadlines.Call late = scarce.begin(statement(cancelled::incrementAndGet), AT_ONCE)) {
            eventually(SOON, () -> assertThat(cancelled).hasValue(1));
            assertThat(late).isNotNull();
        }
    }

    @Test
    void watchesAgainAfterALookThatCouldNotBegin() {
        AtomicBoolean broken = new AtomicBoolean();
        Deadlines failing = new Deadlines(ElapsedTime.of(new BrokenClock(broken)), Runnable::run);
        AtomicInteger unwatched = new AtomicInteger();
        broken.set(true);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> failing.begin(statement(unwatched::incrementAndGet), AT_ONCE));

        broken.set(false);
        try (Deadlines.Call late = failing.begin(statement(cancelled::incrementAndGet), AT_ONCE)) {
            eventually(SOON, () -> assertThat(cancelled).hasValue(1));
            assertThat(late).isNotNull();
        }

        assertThat(unwatched).hasValue(0);
    }

    private record BrokenClock(AtomicBoolean broken) implements VirtualClock {

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public Instant elapsed() {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
            return instant();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @FunctionalInterface
    private interface Cancel {

        void run() throws SQLException;
    }

    private static Statement statement(Cancel cancel) {
        return (Statement) Proxy.newProxyInstance(
                DeadlinesTests.class.getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("cancel")) {
                        cancel.run();
                        return null;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
