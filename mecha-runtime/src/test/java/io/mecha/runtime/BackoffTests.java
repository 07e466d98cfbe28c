// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void growsUpToItsLimit() {
        Backoff backoff = Backoff.doubling(SECOND, Duration.ofSeconds(5));

        assertThat(Stream.of(1, 2, 3, 4, Integer.MAX_VALUE).map(backoff::after))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 5L, 5L);
    }

    @Test
    void growsByItsMultiplier() {
        assertThat(Backoff.of(SECOND, 3, Duration.ofHours(1)).after(3)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void doesNotWaitWhereThereIsNoPauseHoweverOftenItFailed() {
        assertThat(Backoff.of(Duration.ZERO, 1000, SECOND).after(Integer.MAX_VALUE))
                .isZero();
    }

    @Test
    void isShorterByChance() {
        Backoff backoff = Backoff.doubling(SECOND, SECOND).shortened(0.2);

        List<Duration> pauses =
                Stream.generate(() -> backoff.after(1)).limit(1_000).toList();

        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(800)) >= 0);
        assertThat(pauses).allMatch(pause -> pause.compareTo(SECOND) <= 0);
        assertThat(pauses.stream().distinct()).hasSizeGreaterThan(100);
    }

    @Test
    void isShorterOrLongerByChance() {
        Backoff backoff = Backoff.doubling(SECOND, SECOND).spread(0.5);

        List<Duration> pauses =
                Stream.generate(() -> backoff.after(1)).limit(1_000).toList();

        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(500)) >= 0);
        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(1_500)) <= 0);
        assertThat(pauses)
                .anyMatch(pause -> pause.compareTo(SECOND) < 0)
                .anyMatch(pause -> pause.compareTo(SECOND) > 0);
    }

    @Test
    void leavesAMillisecondOfAnInterval() {
        assertThat(Stream.generate(() -> Backoff.shortened(Duration.ofMillis(2), 1))
                        .limit(1_000))
                .allMatch(pause -> pause.toMillis() >= 1);
    }

    @Test
    void keepsTheInterruptOfAThreadThatWaits() {
        Thread.currentThread().interrupt();

        Backoff.doubling(Duration.ofHours(1), Duration.ofHours(1)).pause(1);

        assertThat(Thread.interrupted()).isTrue();
    }
}
