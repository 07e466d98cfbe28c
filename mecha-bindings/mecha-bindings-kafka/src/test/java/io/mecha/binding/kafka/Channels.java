// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What tests do with channels. */
final class Channels {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Channels() {}

    static Message message(String key, String text) {
        return Message.received(key, "text/plain", Map.of("id", text), Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    static Receipt send(KafkaBackend backend, String key, String text) {
        return send(backend, message(key, text));
    }

    static Receipt send(KafkaBackend backend, Message message) {
        Outbound outbound = backend.capabilities().find(Outbound.class).orElseThrow();
        try {
            return outbound.send("id", message).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SendException failure) {
                throw failure;
            }
            throw e;
        }
    }

    static MessageConsumer receive(KafkaBackend backend, String group, int maxInFlight, Receiver receiver) {
        return receive(backend, ConsumerRequest.of(group, maxInFlight), receiver);
    }

    static MessageConsumer receive(KafkaBackend backend, ConsumerRequest request, Receiver receiver) {
        return backend.capabilities().find(Inbound.class).orElseThrow().receive(request, receiver);
    }

    static String text(Delivery delivery) {
        byte[] body = delivery.message().body();
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }

    /** Returns at least so many texts of a topic, and what comes within a moment more. */
    static List<String> texts(KafkaBackend backend, String group, int count) {
        ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
        MessageConsumer consumer = receive(
                backend,
                group,
                1_000,
                deliveries -> deliveries.forEach(delivery -> {
                    texts.add(text(delivery));
                    delivery.acknowledge();
                }));
        try {
            eventually(PATIENCE, () -> assertThat(texts).hasSizeGreaterThanOrEqualTo(count));
            io.mecha.test.Eventually.letPass(Duration.ofMillis(500));
            return List.copyOf(texts);
        } finally {
            consumer.close();
        }
    }
}
