// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.workload.Order;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.support.serializer.JacksonJsonDeserializer;
import org.springframework.kafka.support.serializer.JacksonJsonSerializer;

/**
 * Spring for Kafka as it comes, with typed JSON.
 *
 * <p>A listener is called by its container itself, without the adapter that {@code @KafkaListener} puts between them.
 */
final class SpringKafka {

    private SpringKafka() {}

    static DefaultKafkaProducerFactory<String, Order> producers(Topics topics) {
        return new DefaultKafkaProducerFactory<>(
                topics.producer(), new StringSerializer(), new JacksonJsonSerializer<Order>());
    }

    /** Makes a container that is not started yet. */
    static ConcurrentMessageListenerContainer<String, Order> container(
            Topics topics, String topic, int concurrency, Object listener) {
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setMessageListener(listener);
        ConcurrentMessageListenerContainer<String, Order> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        topics.consumer(topics.newGroup()),
                        new StringDeserializer(),
                        new JacksonJsonDeserializer<>(Order.class, false)),
                properties);
        container.setConcurrency(concurrency);
        return container;
    }
}
