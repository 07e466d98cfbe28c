// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;

/** The receiving side of a channel. */
record KafkaInbound(KafkaBackend backend) implements Inbound {

    @Override
    public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
        return new KafkaGroupConsumer(backend, request, receiver).start();
    }

    @Override
    public boolean receivesFrom(BindingBackend other) {
        if (other instanceof KafkaBackend kafka && kafka.cluster().same(backend.cluster())) {
            Topic target = kafka.topics().only();
            return target != null && backend.topics().contains(target.name());
        }
        return false;
    }
}
