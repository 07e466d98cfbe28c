// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Event;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ChannelBenchmarkTests {

    @Test
    void handlesTheSameOrderOnEverySide() {
        DirectBenchmark benchmark = new DirectBenchmark();
        try {
            assertThat(benchmark.directChannel()).isEqualTo(Order.of(1));
            assertThat(benchmark.applicationEvent()).isEqualTo(Order.of(1));
            assertThat(benchmark.channel()).isEqualTo(Order.of(1));
        } finally {
            benchmark.close();
        }
    }

    @Test
    void handlesWholeEvents() {
        DirectBenchmark benchmark = new DirectBenchmark();
        try {
            assertThat(benchmark.channelOfEvents()).isInstanceOfSatisfying(Event.class, event -> {
                assertThat(event.data()).isEqualTo(Order.of(1));
                assertThat(event.source()).isEqualTo("/shop");
                assertThat(event.attempt()).isEqualTo(1);
            });
            assertThat(benchmark.ownEvent())
                    .isInstanceOfSatisfying(
                            Event.class, event -> assertThat(event.type()).isEqualTo("order.placed"));
        } finally {
            benchmark.close();
        }
    }

    @Test
    void waitsForEveryEventThatIsHandedOff() throws InterruptedException, ExecutionException {
        HandOffBenchmark benchmark = new HandOffBenchmark();
        try {
            benchmark.executorChannel();
            assertThat(benchmark.missing()).isZero();
            benchmark.channel();
            assertThat(benchmark.missing()).isZero();
            benchmark.channelOfTwo();
            assertThat(benchmark.missing()).isZero();
        } finally {
            benchmark.close();
        }
    }
}
