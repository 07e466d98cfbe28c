// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final ThreadPoolExecutor pool = Workers.pool("test", 4, Duration.ofMillis(20));
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
        ThreadPoolExecutor patient = Workers.pool("test", 100, Duration.ofMinutes(1));
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
}
