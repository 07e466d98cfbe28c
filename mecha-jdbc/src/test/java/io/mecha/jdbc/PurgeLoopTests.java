// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.runtime.Troubles;
import io.mecha.test.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PurgeLoopTests {

    private static final String PURGE = "Queue 'orders': the purge";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void showsThatItFailsUntilItDoesNot() {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (PurgeLoop loop = new PurgeLoop("purge", "Queue 'orders'", Duration.ofMillis(5), () -> {
            if (broken.get()) {
                throw new SQLException("no such table");
            }
            return 0;
        })) {
            loop.start();

            Eventually.eventually(PATIENCE, () -> assertThat(Troubles.present()).containsKey(PURGE));
            assertThat(Troubles.present().get(PURGE)).contains("no such table");

            broken.set(false);
            Eventually.eventually(PATIENCE, () -> assertThat(Troubles.present()).doesNotContainKey(PURGE));
        }
    }

    @Test
    void waitsForTheStatementThatRunsWhenItIsClosed() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicReference<PurgeLoop> closing = new AtomicReference<>();
        AtomicBoolean purging = new AtomicBoolean();
        PurgeLoop loop = new PurgeLoop("purge", "Queue 'orders'", Duration.ofMillis(5), () -> {
            purging.set(true);
            asked.countDown();
            while (!closing.get().isClosed()) {
                Thread.onSpinWait();
            }
            purging.set(false);
            return 0;
        });
        closing.set(loop);
        loop.start();
        assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        loop.close();

        assertThat(purging).isFalse();
    }
}
