// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq.autoconfigure;

import io.mecha.binding.rabbitmq.RabbitBindingBackend.ExchangeType;
import io.mecha.binding.rabbitmq.RabbitBindingBackend.QueueType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Options of channels on RabbitMQ; each may be overridden in {@code mecha.bindings.channels.<name>.rabbitmq}.
 *
 * @param connectionFactory Name of the connection factory bean, if there are several.
 * @param exchange Name of the exchange; empty for the default exchange. Without it, the destination of the channel.
 * @param exchangeType How the exchange chooses queues: 'fanout', 'direct' or 'topic'.
 * @param routingKey Routing key of sent messages. Without it, the key of the event.
 * @param bindingKeys Routing keys, or patterns, that queues are bound with.
 * @param queue Name of the queue of every group. Without it, each group has one named after exchange and group.
 * @param queueType Kind of queues: 'quorum' or 'classic'.
 * @param deadLetterExchange Exchange for messages that the broker itself gives up.
 * @param deliveryLimit How often the broker delivers a message before it gives it up by itself.
 * @param declare Whether to declare exchanges and queues; false if they are managed elsewhere.
 * @param publishChannels How many AMQP channels share the work of sending.
 * @param timeout Longest time to wait for an answer of the broker; of channels that share a connection, the first decides.
 * @param maximumMessageSize Largest message that is sent.
 */
@ConfigurationProperties("mecha.bindings.rabbitmq")
record RabbitBindingOptions(
        @Nullable String connectionFactory,
        @Nullable String exchange,
        @Nullable ExchangeType exchangeType,
        @Nullable String routingKey,
        @Nullable List<String> bindingKeys,
        @Nullable String queue,
        @Nullable QueueType queueType,
        @Nullable String deadLetterExchange,
        @Nullable Integer deliveryLimit,
        @Nullable Boolean declare,
        @Nullable Integer publishChannels,
        @Nullable Duration timeout,
        @Nullable DataSize maximumMessageSize) {}
