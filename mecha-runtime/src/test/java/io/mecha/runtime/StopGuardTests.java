// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopGuardTests {

    private final AtomicLong now = new AtomicLong(-5);
    private final StopGuard guard = new StopGuard(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void noticesAProcessThatStoodLongerThanTheSession() {
        guard.begin(Duration.ofSeconds(45), Duration.ofMinutes(5));

        pass(Duration.ofSeconds(45));
        assertThat(guard.lives()).isTrue();
        pass(Duration.ofSeconds(46));

        assertThat(guard.stood()).isTrue();
        assertThat(guard.lives()).isFalse();
        assertThat(guard.stood()).isTrue();
    }

    @Test
    void noticesAThreadThatLivesAndDoesNotPoll() {
        guard.begin(Duration.ofSeconds(45), Duration.ofMinutes(5));

        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(30));
            assertThat(guard.lives()).isTrue();
        }
        pass(Duration.ofSeconds(1));

        assertThat(guard.lives()).isFalse();
    }

    @Test
    void isContentWithAThreadThatPolls() {
        guard.begin(Duration.ofSeconds(45), Duration.ofMinutes(5));

        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(30));
            assertThat(guard.lives()).isTrue();
            guard.polled(now.get());
        }
    }

    @Test
    void countsFromWhereAPollBegan() {
        guard.begin(Duration.ofMinutes(5), Duration.ofSeconds(3));

        long began = now.get();
        pass(Duration.ofSeconds(1));
        guard.polled(began);
        pass(Duration.ofSeconds(2));
        assertThat(guard.stood()).isFalse();
        pass(Duration.ofMillis(1));

        assertThat(guard.stood()).isTrue();
    }

    @Test
    void beginsAnewAsAnotherMember() {
        guard.begin(Duration.ofSeconds(1), Duration.ofSeconds(1));
        pass(Duration.ofMinutes(1));

        guard.begin(Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(guard.stood()).isFalse();
    }
}
