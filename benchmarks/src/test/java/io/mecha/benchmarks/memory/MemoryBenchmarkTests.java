// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.benchmarks.workload.Order;
import io.mecha.state.WriteResult;
import org.junit.jupiter.api.Test;

/** Calls what JMH measures: both sides of a comparison have to do the same. */
class MemoryBenchmarkTests {

    private static final int TWICE_AROUND = 1 << 15;

    @Test
    void readsTheSameInstanceFromMapAndStore() {
        SharedGetBenchmark benchmark = new SharedGetBenchmark();

        assertThat(benchmark.map()).isEqualTo(Order.of(1));
        assertThat(benchmark.mapAndOptional()).contains(Order.of(2));
        assertThat(benchmark.store()).contains(Order.of(3));
        assertThat(benchmark.observedStore()).contains(Order.of(4));
    }

    @Test
    void replacesWithoutAConflict() {
        VersionedPutBenchmark benchmark = new VersionedPutBenchmark();

        for (int call = 0; call < TWICE_AROUND; call++) {
            assertThat(benchmark.store()).isInstanceOf(WriteResult.Written.class);
        }
        assertThat(benchmark.storeUnconditionally()).isNotBlank();
        assertThat(benchmark.map()).isEqualTo(new VersionedPutBenchmark.Counted(Order.of(0), 1));
    }

    @Test
    void copiesValuesOnBothSides() {
        TypedBenchmark benchmark = new TypedBenchmark();

        assertThat(benchmark.getByHand()).isEqualTo(Order.of(1));
        assertThat(benchmark.getFromStore()).contains(Order.of(2));
        assertThat(benchmark.putByHand()).isNotNull();
        assertThat(benchmark.putToStore()).isNotBlank();
    }
}
