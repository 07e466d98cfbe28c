// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTests {

    @Test
    void judgesEachTarget() {
        Line line = Line.of(LineTests.class, "other")
                .against("base")
                .atMostNanos(300)
                .atMostBytes(400)
                .atMostTimes(2);

        assertThat(line.verdict(299, 401, 2)).isEqualTo("≤ 300 ns, ≤ 400 B, ≤ 2.00 × | reached, **missed**, reached");
        assertThat(line.baseId()).isEqualTo(LineTests.class.getName() + ".base");
    }

    @Test
    void leavesCellsEmptyWithoutTargets() {
        assertThat(Line.of(LineTests.class, "base").verdict(1, 1, 1)).isEqualTo(" | ");
    }
}
