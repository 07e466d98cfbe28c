// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.VirtualClock;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimersTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestClock clock = new TestClock();
    private final AtomicInteger looks = new AtomicInteger(-1); // one look to begin with
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final Timers timers = new Timers("timers", ElapsedTime.of(new VirtualClock() {

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public Instant elapsed() {
            if (looks.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("whatever it is");
            }
            return clock.elapsed();
        }
    }));

    @AfterEach
    void close() {
        timers.close();
    }

    @Test
    void goesOnAfterWhatNobodyExpected() {
        timers.at(clock.instant(), () -> ran.add("one"));
        timers.at(clock.instant(), () -> {
            throw new AssertionError("refused");
        });
        timers.at(clock.instant(), () -> ran.add("two"));

        eventually(SOON, () -> assertThat(ran).containsExactly("one", "two"));
    }

    @Test
    void goesOnAfterATaskThatLeftItsThreadInterrupted() {
        timers.at(clock.instant(), () -> {});
        timers.at(clock.instant(), () -> Thread.currentThread().interrupt());
        timers.at(clock.instant().plusSeconds(1), () -> ran.add("later"));
        eventually(SOON, () -> assertThat(looks).hasValueGreaterThan(1));

        clock.advance(Duration.ofSeconds(2));

        eventually(SOON, () -> assertThat(ran).containsExactly("later"));
    }
}
