// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.cesql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FilterBenchmarkTests {

    private static final List<Boolean> EVERY_SECOND = List.of(false, true, false, true);

    @Test
    void matchesEverySecondEventAsTheSdkDoes() {
        assertThat(four(FilterBenchmark::type))
                .isEqualTo(four(FilterBenchmark::sdkType))
                .isEqualTo(EVERY_SECOND);
        assertThat(four(FilterBenchmark::and))
                .isEqualTo(four(FilterBenchmark::sdkAnd))
                .isEqualTo(EVERY_SECOND);
        assertThat(four(FilterBenchmark::like))
                .isEqualTo(four(FilterBenchmark::sdkLike))
                .isEqualTo(EVERY_SECOND);
        assertThat(four(FilterBenchmark::in))
                .isEqualTo(four(FilterBenchmark::sdkIn))
                .isEqualTo(EVERY_SECOND);
    }

    @Test
    void matchesNoEventWithoutTheAttribute() {
        assertThat(four(FilterBenchmark::missing)).containsOnly(false);
    }

    private static List<Object> four(Function<FilterBenchmark, Object> filter) {
        FilterBenchmark benchmark = new FilterBenchmark();
        return IntStream.range(0, EVERY_SECOND.size())
                .mapToObj(event -> filter.apply(benchmark))
                .toList();
    }
}
