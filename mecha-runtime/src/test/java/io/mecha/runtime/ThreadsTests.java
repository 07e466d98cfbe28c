// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadsTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final ThreadPoolExecutor pool = Threads.pool("test", 4, Duration.ofMillis(20));
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void close() {
        goOn.countDown();
        pool.shutdownNow();
    }

    private void await() {
        try {
            goOn.await();
            ran.incrementAndGet();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void growsWithWhatRunsUpToItsBoundAndShrinksAgain() {
        IntStream.range(0, 10).forEach(task -> pool.execute(this::await));
        assertThat(pool.getPoolSize()).isEqualTo(4);

        goOn.countDown();

        eventually(SOON, () -> assertThat(ran).hasValue(10));
        eventually(SOON, () -> assertThat(pool.getPoolSize()).isZero());
        pool.execute(this::await);
        eventually(SOON, () -> assertThat(ran).hasValue(11));
    }

    @Test
    void takesAThreadThatIsIdle() {
        ThreadPoolExecutor patient = Threads.pool("test", 100, Duration.ofMinutes(1));
        goOn.countDown();

        for (int task = 1; task <= 100; task++) {
            int expected = task;
            patient.execute(this::await);
            eventually(SOON, () -> assertThat(patient.getCompletedTaskCount()).isEqualTo(expected));
        }

        assertThat(patient.getLargestPoolSize()).isLessThan(20);
        patient.shutdownNow();
    }

    @Test
    void takesNothingOnceItIsClosed() {
        assertThat(pool.shutdownNow()).isEqualTo(List.of());

        assertThatThrownBy(() -> pool.execute(this::await)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void runsEveryTaskInOrderThoughTheOnlyThreadEndsAgainAndAgain() {
        ThreadPoolExecutor single = Threads.pool("single", 1, Duration.ofNanos(1));
        List<Integer> order = new CopyOnWriteArrayList<>();

        IntStream.range(0, 1_000).forEach(task -> single.execute(() -> order.add(task)));

        eventually(SOON, () -> assertThat(order).hasSize(1_000));
        assertThat(order).isSorted();
        single.shutdownNow();
    }

    @Test
    void namesThreadsAndNumbersThem() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        List<ExecutorService> executors = List.of(
                Threads.workers("mecha-a"),
                Threads.unbounded("mecha-a"),
                Threads.platform("mecha-a"),
                Threads.pool("mecha-a", 2));

        executors.forEach(executor -> executor.execute(() -> threads.add(Thread.currentThread())));

        eventually(SOON, () -> assertThat(threads).hasSize(4));
        assertThat(threads).extracting(Thread::getName).containsOnly("mecha-a-1");
        assertThat(threads).allMatch(Thread::isDaemon);
        executors.forEach(ExecutorService::shutdownNow);
    }

    @Test
    void makesVirtualThreadsWhereTheJvmHasThem() {
        boolean virtual = Runtime.version().feature() >= 21;

        try (Closing executors = new Closing()) {
            assertThat(executors.kindOf(Threads.workers("mecha-a"))).isEqualTo(virtual);
            assertThat(executors.kindOf(Threads.unbounded("mecha-a"))).isEqualTo(virtual);
            assertThat(executors.kindOf(Threads.pool("mecha-a", 2))).isEqualTo(virtual);
            assertThat(executors.kindOf(Threads.platform("mecha-a"))).isFalse();
            assertThat(executors.kindOf(Threads.scheduler("mecha-a"))).isFalse();
        }
    }

    @Test
    void schedulesOnOneNamedThreadUntilItIsShutDown() throws Exception {
        ScheduledThreadPoolExecutor scheduler = Threads.scheduler("mecha-b");
        String name = scheduler
                .schedule(() -> Thread.currentThread().getName(), 1, TimeUnit.MILLISECONDS)
                .get(10, TimeUnit.SECONDS);
        assertThat(name).isEqualTo("mecha-b");

        scheduler.schedule(ran::incrementAndGet, 1, TimeUnit.HOURS).cancel(false);
        assertThat(scheduler.getQueue()).isEmpty();

        scheduler.shutdown();
        scheduler.execute(ran::incrementAndGet);
        assertThat(scheduler.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasValue(0);
    }

    @Test
    void startsAThreadThatTheJvmDoesNotEndWithout() throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();

        Threads.startForeground("mecha-c", () -> started.complete(Thread.currentThread()));

        assertThat(started.get(10, TimeUnit.SECONDS).isDaemon()).isFalse();
        assertThat(started.get().getName()).isEqualTo("mecha-c");
    }

    @Test
    void borrowsThreadsOfTheJvm() {
        BorrowedThreads.run(ran::incrementAndGet);
        BorrowedThreads.runAfter(Duration.ofMillis(1), ran::incrementAndGet);

        eventually(SOON, () -> assertThat(ran).hasValue(2));
    }

    /** Executors that are shut down at the end. */
    private static final class Closing implements AutoCloseable {

        private final List<ExecutorService> executors = new ArrayList<>();

        boolean kindOf(ExecutorService executor) {
            executors.add(executor);
            try {
                return executor.submit(() -> Thread.currentThread().toString().startsWith("VirtualThread"))
                        .get(10, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public void close() {
            executors.forEach(ExecutorService::shutdownNow);
        }
    }
}
