// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.TransportRecord;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record as it was received. */
record KafkaOriginal(ConsumerRecord<byte[], byte[]> received) implements TransportRecord {

    @Override
    public Map<String, String> details() {
        Map<String, String> details = new TreeMap<>();
        details.put("topic", received.topic());
        details.put("partition", Integer.toString(received.partition()));
        details.put("offset", Long.toString(received.offset()));
        if (received.timestamp() >= 0) {
            details.put("timestamp", Long.toString(received.timestamp()));
        }
        return Map.copyOf(details);
    }
}
