// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.load.OtherJvm;
import java.io.IOException;
import java.util.Map;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** One broker, which is its own controller. */
public final class KafkaServer {

    private KafkaServer() {}

    /** Serve at a free port until standard input ends. */
    public static void main(String... arguments) throws IOException {
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);
        broker.brokerProperties(Map.of(
                "offsets.topic.num.partitions", "1",
                "group.initial.rebalance.delay.ms", "0",
                "group.consumer.heartbeat.interval.ms", "1000",
                "group.consumer.min.heartbeat.interval.ms", "1000"));
        broker.afterPropertiesSet();
        try {
            OtherJvm.serve(broker.getBrokersAsString());
        } finally {
            broker.destroy();
        }
    }
}
