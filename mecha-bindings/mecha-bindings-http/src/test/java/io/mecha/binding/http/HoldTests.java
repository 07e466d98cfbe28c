// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HoldTests {

    private final Hold hold = new Hold();

    @Test
    void lastsAsLongAsAskedAndNeverMuchLonger() {
        assertThat(hold.remaining()).isZero();

        hold.extend(Duration.ofMinutes(20));
        hold.extend(Duration.ofSeconds(1));
        assertThat(hold.remaining()).isBetween(Duration.ofMinutes(19), Duration.ofMinutes(20));

        hold.extend(Duration.ofDays(36_500));
        assertThat(hold.remaining()).isBetween(Duration.ofMinutes(59), Hold.LONGEST);
    }
}
