// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
