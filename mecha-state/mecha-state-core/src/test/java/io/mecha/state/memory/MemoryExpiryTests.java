// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import io.mecha.test.Eventually;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryExpiryTests {

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00.123456789Z"));
    private final MemoryStateBackend backend = new MemoryStateBackend(clock);

    @Test
    void expiresByElapsedTimeWhereTheClockIsSet() {
        AtomicReference<Duration> set = new AtomicReference<>(Duration.ZERO);
        MemoryStateBackend real = new MemoryStateBackend(() -> Instant.now().plus(set.get()));
        real.write(put("short", Duration.ofMillis(20)));
        real.write(put("long", Duration.ofMinutes(30)));

        set.set(Duration.ofHours(-1));
        Eventually.eventually(
                Duration.ofSeconds(30), () -> assertThat(real.read("short")).isNull());
        set.set(Duration.ofHours(1));

        assertThat(real.read("long")).isNotNull();
        real.close();
    }

    @Test
    void expiresAtTheInstantThatWasTold() {
        backend.write(put("key", Duration.ofMillis(10)));

        clock.advance(Duration.between(clock.instant(), backend.read("key").expiresAt())
                .minusNanos(1));
        assertThat(backend.read("key")).isNotNull();
        clock.advance(Duration.ofNanos(1));

        assertThat(backend.read("key")).isNull();
    }

    @Test
    void purgesAgainAfterEverythingHadExpiredOnce() {
        for (int i = 0; i < 2; i++) {
            backend.write(put("key-" + i, Duration.ofMillis(10)));
            clock.advance(Duration.ofMillis(10));

            Eventually.eventually(
                    Duration.ofSeconds(10),
                    () -> assertThat(backend.storedEntries()).isZero());
        }
    }

    @Test
    void purgesWhatATransactionWrote() {
        backend.capabilities()
                .find(Transactions.class)
                .orElseThrow()
                .execute(List.of(put("a", Duration.ofMillis(10)), put("b", Duration.ofMillis(10))));

        clock.advance(Duration.ofMillis(10));

        Eventually.eventually(
                Duration.ofSeconds(10),
                () -> assertThat(backend.storedEntries()).isZero());
    }

    private static Put put(String key, Duration timeToLive) {
        return new Put(key, Value.of(new byte[1]), timeToLive, Precondition.NONE);
    }
}
