// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PausesTests {

    @Test
    void spreadsWhatIsTriedAgain() {
        assertThat(Stream.generate(() -> Pauses.after(20)).limit(50).distinct())
                .hasSizeGreaterThan(1)
                .allMatch(wait ->
                        wait.compareTo(Duration.ofSeconds(24)) >= 0 && wait.compareTo(Duration.ofSeconds(30)) <= 0);
    }
}
