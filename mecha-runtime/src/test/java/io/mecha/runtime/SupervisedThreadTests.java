// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SupervisedThreadTests {

    private final AtomicInteger runs = new AtomicInteger();

    private static void ends(SupervisedThread supervised) throws InterruptedException {
        supervised.thread().join(TimeUnit.SECONDS.toMillis(20));
        assertThat(supervised.thread().isAlive()).isFalse();
    }

    @Test
    void runsATaskAgainWhateverItThrows() throws InterruptedException {
        SupervisedThread supervised = SupervisedThread.start("runs-again", () -> {
            int run = runs.incrementAndGet();
            if (run == 1) {
                throw new IllegalStateException("one");
            } else if (run == 2) {
                throw new NoClassDefFoundError("two");
            }
        });

        ends(supervised);

        assertThat(runs).hasValue(3);
        assertThat(Troubles.present()).doesNotContainKey("Thread 'runs-again'");
    }

    @Test
    void runsATaskAgainWithoutTheInterruptThatEndedIt() throws InterruptedException {
        SupervisedThread supervised = SupervisedThread.start("interrupted", () -> {
            if (runs.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted");
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });

        ends(supervised);

        assertThat(runs).hasValue(2);
    }

    @Test
    void showsWhatFailsUntilItIsStopped() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(2);
        SupervisedThread supervised = SupervisedThread.start("shows", () -> {
            failed.countDown();
            throw new IllegalStateException("refused");
        });
        assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(Troubles.present()).containsEntry("Thread 'shows'", "IllegalStateException: refused");

        supervised.stop();
        ends(supervised);
        assertThat(Troubles.present()).doesNotContainKey("Thread 'shows'");
    }

    @Test
    void waitsForTheEndThoughTheCallerIsInterrupted() {
        SupervisedThread[] own = new SupervisedThread[1];
        own[0] = new SupervisedThread("waited-for", () -> {
            own[0].awaitEnd(); // its own end it does not wait for
            runs.incrementAndGet();
        });
        Thread.currentThread().interrupt();
        own[0].start();

        own[0].awaitEnd();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(runs).hasValue(1);
        assertThat(own[0].thread().isAlive()).isFalse();
    }

    @Test
    void takesTasksOfOneNameForOne() {
        new GuardedTask("The same work", () -> {
                    throw new IllegalStateException("refused");
                })
                .run();
        assertThat(Troubles.present()).containsKey("The same work");

        new GuardedTask("The same work", runs::incrementAndGet).run();

        assertThat(Troubles.present()).doesNotContainKey("The same work");
    }

    @Test
    void forgetsTheOldestOfTooManyNames() {
        for (int number = 0; number < 1000; number++) {
            Troubles.failed("Work " + number, new IllegalStateException("refused"));
        }

        assertThat(Troubles.present()).hasSize(256).containsKey("Work 999").doesNotContainKey("Work 0");
    }

    @Test
    void guardsATaskOfATimer() {
        GuardedTask task = new GuardedTask("The test", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new AssertionError("refused");
            }
        });

        task.run();
        assertThat(Troubles.present()).containsEntry("The test", "AssertionError: refused");
        task.run();

        assertThat(Troubles.present()).doesNotContainKey("The test");
    }
}
