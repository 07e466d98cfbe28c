// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTests {

    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void repeatsAssertionsUntilTheyHold() {
        Eventually.eventually(
                Duration.ofMinutes(1), () -> assertThat(calls.incrementAndGet()).isEqualTo(3));

        assertThat(calls).hasValue(3);
    }

    @Test
    void throwsTheLastFailureWhenTheDeadlinePasses() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Eventually.eventually(
                        Duration.ofMillis(20),
                        () -> assertThat(calls.incrementAndGet()).as("calls").isZero()))
                .withMessageContaining("[calls]");
    }

    @Test
    void triesAtLeastOnce() {
        Eventually.eventually(Duration.ZERO, calls::incrementAndGet);

        assertThat(calls).hasValue(1);
    }

    @Test
    void letsOtherExceptionsThroughAtOnce() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Eventually.eventually(Duration.ofMinutes(1), () -> {
                    throw new IllegalStateException("at once");
                }));
    }

    @Test
    void letsTimePassEvenWhenInterrupted() {
        long start = System.nanoTime();
        Thread.currentThread().interrupt();

        Eventually.letPass(Duration.ofMillis(20));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        assertThat(Thread.interrupted()).isTrue();
    }
}
