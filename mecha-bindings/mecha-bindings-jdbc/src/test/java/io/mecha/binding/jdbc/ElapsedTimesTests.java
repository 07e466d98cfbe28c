// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ElapsedTimesTests {

    @Test
    void waitsForMoreThanAYear() {
        Duration delay = Duration.ofDays(10 * 365);

        assertThat(ElapsedTimes.nanos(delay.toMillis())).isEqualTo(delay.toNanos());
    }

    @Test
    void isNotDueAtOnceAfterTheLongestDelay() {
        long begun = Long.MAX_VALUE - 1;
        long due = begun + Duration.ofMinutes(1).toNanos() + ElapsedTimes.nanos(Long.MAX_VALUE);

        assertThat(begun - due).isNegative();
    }
}
