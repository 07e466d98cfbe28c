// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RepeatedTests {

    @Test
    void tellsTheFirstAndThenTheirNumber() {
        long[] now = {0};
        Repeated repeated = new Repeated(() -> now[0]);

        assertThat(repeated.add()).isEqualTo(1);
        assertThat(repeated.add()).isZero();
        assertThat(repeated.add()).isZero();
        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(repeated.add()).isEqualTo(3);
        assertThat(repeated.add()).isZero();
    }

    @Test
    void spreadsWhatIsTriedAgain() {
        assertThat(Stream.generate(() -> Pauses.after(20)).limit(50).distinct())
                .hasSizeGreaterThan(1)
                .allMatch(wait ->
                        wait.compareTo(Duration.ofSeconds(24)) >= 0 && wait.compareTo(Duration.ofSeconds(30)) <= 0);
    }
}
