// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.mecha.test.binding.BindingBackendContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A program that does not know Mecha: it sets properties of AMQP, and headers that are lists, tables, numbers and bytes. */
final class RabbitNativeClient implements BindingBackendContract.NativeClient, AutoCloseable {

    private final Connection connection;

    RabbitNativeClient(int port) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        connection = factory.newConnection();
    }

    @SuppressWarnings("JavaUtilDate") // of the client
    static BasicProperties properties() {
        return new BasicProperties.Builder()
                .contentType("text/plain")
                .contentEncoding("identity")
                .correlationId("correlation")
                .replyTo("answers")
                .messageId("message-1")
                .timestamp(Date.from(Instant.ofEpochSecond(1_700_000_000)))
                .type("Order")
                .priority(3)
                .appId("legacy")
                .headers(Map.of(
                        "X-Case",
                        "kept",
                        "x-number",
                        7L,
                        "x-bytes",
                        new byte[] {0, (byte) 0xff},
                        "x-table",
                        Map.of("a", 1),
                        "x-death",
                        List.of(Map.of("queue", "elsewhere", "reason", "rejected", "count", 2L))))
                .build();
    }

    @Override
    public void send(String destination) {
        send(destination, properties());
    }

    void send(String destination, BasicProperties properties) {
        try (Channel channel = connection.createChannel()) {
            channel.basicPublish(destination, "orders.eu", properties, "body".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Supplier<List<List<String>>> watch(String destination) {
        List<List<String>> seen = new CopyOnWriteArrayList<>();
        try {
            Channel channel = connection.createChannel();
            channel.exchangeDeclare(destination, "fanout", true);
            String queue = channel.queueDeclare().getQueue();
            channel.queueBind(queue, destination, "");
            channel.basicConsume(queue, true, new DefaultConsumer(channel) {

                @Override
                public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                    seen.add(lines(envelope, properties));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return () -> List.copyOf(seen);
    }

    private static List<String> lines(Envelope envelope, BasicProperties properties) {
        List<String> lines = new ArrayList<>();
        lines.add("routing key " + envelope.getRoutingKey());
        lines.add("properties %s %s %s %s %s %s %s %s %s"
                .formatted(
                        properties.getContentType(),
                        properties.getContentEncoding(),
                        properties.getCorrelationId(),
                        properties.getReplyTo(),
                        properties.getMessageId(),
                        properties.getTimestamp(),
                        properties.getType(),
                        properties.getPriority(),
                        properties.getAppId()));
        new TreeMap<>(properties.getHeaders()).forEach((name, value) -> lines.add(name + "=" + text(value)));
        return lines;
    }

    private static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        return value.getClass().getSimpleName() + " " + value;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
