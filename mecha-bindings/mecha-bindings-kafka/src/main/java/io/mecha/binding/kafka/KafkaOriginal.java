// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.TransportRecord;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was received.
 *
 * @param contradiction an attribute that it has with different values
 */
record KafkaOriginal(
        ConsumerRecord<byte[], byte[]> received, @Nullable String contradiction) implements TransportRecord {

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
