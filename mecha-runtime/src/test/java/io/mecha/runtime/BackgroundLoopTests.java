// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundLoopTests {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger lasts = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private BackgroundLoop loop = loop(() -> Duration.ZERO);

    private BackgroundLoop loop(BackgroundLoop.Step step) {
        loop = new BackgroundLoop(
                "mecha-loop",
                Duration.ZERO,
                () -> {
                    steps.incrementAndGet();
                    return step.run();
                },
                lasts::incrementAndGet);
        return loop;
    }

    @AfterEach
    void end() {
        goOn.countDown();
        assertThat(loop.close(SOON)).isTrue();
    }

    private void steps(int atLeast) {
        eventually(SOON, () -> assertThat(steps).hasValueGreaterThanOrEqualTo(atLeast));
    }

    @Test
    void repeatsItsStepUntilItIsClosed() {
        loop.start();
        steps(3);

        assertThat(loop.close(SOON)).isTrue();

        int ran = steps.get();
        loop.wake();
        assertThat(steps).hasValue(ran);
        assertThat(lasts).hasValue(1);
    }

    @Test
    void restsUntilItIsWoken() {
        loop(() -> BackgroundLoop.UNTIL_WOKEN).start();
        steps(1);

        loop.wake();
        steps(2);
        loop.wake();
        steps(3);
    }

    @Test
    void doesNotForgetToWakeUpWhileItWorks() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(1);
        loop(() -> {
                    working.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException nobodyMay) {
                        throw new IllegalStateException(nobodyMay);
                    }
                    return BackgroundLoop.UNTIL_WOKEN;
                })
                .start();
        working.await();

        loop.wake();
        goOn.countDown();

        steps(2);
    }

    @Test
    void restsBeforeTheFirstStep() {
        loop = new BackgroundLoop("mecha-loop", Duration.ofHours(1), () -> {
            steps.incrementAndGet();
            return Duration.ZERO;
        });
        loop.start();

        assertThat(loop.close(SOON)).isTrue();

        assertThat(steps).hasValue(0);
    }

    @Test
    void goesOnAfterAStepThatFailed() {
        loop(() -> {
                    if (steps.get() == 1) {
                        throw new NoClassDefFoundError("whatever it is");
                    }
                    if (steps.get() == 2) {
                        assertThat(Troubles.present()).containsKey("Thread 'mecha-loop'");
                    }
                    return Duration.ofMillis(1);
                })
                .start();

        steps(3);

        eventually(SOON, () -> assertThat(Troubles.present()).doesNotContainKey("Thread 'mecha-loop'"));
    }

    @Test
    void doesNotWaitLongerThanItsBudgetForAStepThatHangs() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(1);
        AtomicBoolean told = new AtomicBoolean();
        loop(() -> {
                    working.countDown();
                    told.set(loop.closedWithin(SOON));
                    try {
                        goOn.await();
                    } catch (InterruptedException nobodyMay) {
                        throw new IllegalStateException(nobodyMay);
                    }
                    return Duration.ZERO;
                })
                .start();
        working.await();

        assertThat(loop.close(Duration.ofMillis(1))).isFalse();

        assertThat(loop.isClosed()).isTrue();
        goOn.countDown();
        assertThat(loop.close(SOON)).isTrue();
        assertThat(told).isTrue();
    }

    @Test
    void hasNoThreadUnlessItIsStarted() {
        assertThat(loop.close(SOON)).isTrue();

        assertThat(steps).hasValue(0);
        assertThat(lasts).hasValue(0);
    }
}
