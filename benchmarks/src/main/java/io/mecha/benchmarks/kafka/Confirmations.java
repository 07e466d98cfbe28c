// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Counts what a producer was confirmed whose sends return nothing to wait for. */
public final class Confirmations implements ProducerInterceptor<Object, Object> {

    static final Semaphore CONFIRMED = new Semaphore(0);

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> message) {
        return message;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure == null) {
            CONFIRMED.release();
        }
    }

    @Override
    public void close() {
        // has nothing open
    }

    @Override
    public void configure(Map<String, ?> configuration) {
        // has no settings
    }
}
