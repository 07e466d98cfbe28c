// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.load.Load;
import io.mecha.benchmarks.load.OtherJvm;
import io.mecha.benchmarks.load.Pace;
import java.io.PrintStream;
import java.util.List;

/**
 * What does a channel over Kafka cost over Spring for Kafka, Spring Cloud Stream and Kafka's clients by hand?
 *
 * <p>The broker is a JVM of its own. All sides read and write the same JSON, wait for all replicas, and do not linger.
 */
public final class KafkaBenchmark {

    private static final int MESSAGES = 100_000;
    private static final int SENT = 30_000;
    private static final String HEAP = "1g";

    private KafkaBenchmark() {}

    /** Start a broker, run all comparisons, stop it. */
    public static void run(Pace pace, PrintStream out) throws Exception {
        try (OtherJvm broker = OtherJvm.start(KafkaServer.class, HEAP)) {
            Topics topics = new Topics(broker.address());
            Load load = new Load(pace, out, List.of(broker.cpu("broker")));
            try (ProduceCases produce = new ProduceCases(topics, SENT);
                    RoundTripCases roundTrip = new RoundTripCases(topics)) {
                load.run(List.of(produce.comparison(), roundTrip.comparison()));
            }
            load.run(List.of(new ConsumeCases(topics, MESSAGES).comparison(), new KeyCases(topics).comparison()));
        }
    }
}
