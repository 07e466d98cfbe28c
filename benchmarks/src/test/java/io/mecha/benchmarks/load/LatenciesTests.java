// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTests {

    private static final Percentage BUCKET = Percentage.withPercentage(3.2);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 31, 32, 33, 63, 64, 65, 1_000, 123_456, 987_654_321, 3_600_000_000_000L})
    void keepsADurationToThreePercent(long nanos) {
        Latencies latencies = new Latencies();

        latencies.record(nanos);

        assertThat(latencies.microsAt(0.5)).isCloseTo((nanos + 1) / 1_000.0, BUCKET);
    }

    @Test
    void findsMedianAndRareDurationsOfSeveralThreads() {
        Latencies latencies = new Latencies();
        Latencies other = new Latencies();
        for (int micros = 1; micros <= 1_000; micros++) {
            (micros % 2 == 0 ? latencies : other).record(micros * 1_000L);
        }

        latencies.add(other);

        assertThat(latencies.total()).isEqualTo(1_000);
        assertThat(latencies.microsAt(0.5)).isCloseTo(500, BUCKET);
        assertThat(latencies.microsAt(0.99)).isCloseTo(990, BUCKET);
    }

    @Test
    void isZeroWithoutCalls() {
        assertThat(new Latencies().microsAt(0.5)).isCloseTo(0, within(0.0));
    }
}
