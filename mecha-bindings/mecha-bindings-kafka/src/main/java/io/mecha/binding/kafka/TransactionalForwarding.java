// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.KafkaException;

/**
 * The forwarding of pipes within one cluster: in transactions, or one after the other where the broker has none ready.
 */
record TransactionalForwarding(KafkaBackend origin) implements Forwarding {

    @Override
    public boolean reaches(BindingBackend target) {
        return target instanceof KafkaBackend other && other.cluster().same(origin.cluster());
    }

    @Override
    public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
        KafkaDelivery own = KafkaBackend.own(delivery);
        KafkaBackend other = (KafkaBackend) target;
        try {
            other.topic().prepare(other.prepareTimeout());
        } catch (KafkaException | IllegalStateException e) {
            throw Failures.sending(other.channel(), other.sendTimeout(), false, e);
        }
        Transactions transactions = own.group().transactions();
        if (!transactions.ready()) {
            sendAndAcknowledge(own, other, messages);
            return;
        }
        String topic = other.topic().name();
        transactions.forward(
                own,
                messages.stream()
                        .map(message -> KafkaMessages.write(topic, message))
                        .toList());
    }

    private void sendAndAcknowledge(KafkaDelivery delivery, KafkaBackend target, List<? extends Message> messages) {
        if (!delivery.current() || !delivery.beginForward()) {
            throw Transactions.notOurs(origin.channel(), null);
        }
        Outbound outbound = target.capabilities().find(Outbound.class).orElseThrow();
        List<String> ids = messages.stream()
                .map(message -> message.attributes().getOrDefault("id", ""))
                .toList();
        boolean sent = false;
        try {
            for (CompletionStage<Receipt> receipt : outbound.sendAll(ids, messages)) {
                receipt.toCompletableFuture().join();
            }
            sent = true;
        } catch (CompletionException e) {
            throw e.getCause() instanceof SendException failure ? failure : e;
        } finally {
            delivery.endForward(sent);
        }
    }
}
