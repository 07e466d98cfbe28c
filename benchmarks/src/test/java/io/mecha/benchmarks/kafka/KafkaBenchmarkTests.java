// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.benchmarks.load.Load;
import io.mecha.benchmarks.load.OtherJvm;
import io.mecha.benchmarks.load.Pace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaBenchmarkTests {

    private static final int FEW = 2_000;

    @Test
    void handlesEveryMessageOnEverySide() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        try (OtherJvm broker = OtherJvm.start(KafkaServer.class, "512m");
                PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            Topics topics = new Topics(broker.address());
            Load load = new Load(Pace.of("rounds=1", "seconds=0.1", "warm-up=0.1"), out, List.of());
            try (ProduceCases produce = new ProduceCases(topics, FEW);
                    RoundTripCases roundTrip = new RoundTripCases(topics)) {
                load.run(List.of(produce.comparison(), roundTrip.comparison()));
            }
            load.run(List.of(new ConsumeCases(topics, FEW).comparison()));
        }

        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("| StreamBridge |", "| KafkaTemplate |", "| Kafka's clients |", "| batch listener |")
                .contains("| Mecha |", "| Mecha batches |");
    }
}
