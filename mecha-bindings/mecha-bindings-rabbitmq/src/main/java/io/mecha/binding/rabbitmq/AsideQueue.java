// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import io.mecha.PropertyNames;
import io.mecha.Thrown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue in which the broker keeps what a group has put aside, until it brings it back to the queue of the group.
 *
 * <p>A message is acknowledged when the broker has confirmed its copy there, so that it takes no place among those in flight and no
 * memory here. It comes back as it came: what the way there and back would add or obey travels under a header of its own. What
 * cannot be moved keeps its place, and is given back as late as the broker lets it be kept.
 */
final class AsideQueue {

    private static final Logger LOG = LoggerFactory.getLogger(AsideQueue.class);
    private static final String KEPT = "mecha-aside";
    private static final String ROUTING_KEY = "routing-key";
    private static final String COPIES = "CC";
    private static final List<String> HISTORY = List.of("x-death", "x-first-death-", "x-last-death-");
    private static final int TOGETHER = 256;

    private final RabbitServer server;
    private final Topology topology;
    private final String name;
    private final String queue;
    private final Queue<RabbitDelivery> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private boolean failing; // of the thread that moves

    AsideQueue(RabbitServer server, Topology topology, String name, String queue) {
        this.server = server;
        this.topology = topology;
        this.name = name;
        this.queue = queue;
    }

    /** Moves a message, soon and on another thread. */
    void add(RabbitDelivery delivery) {
        waiting.add(delivery);
        if (wanted.getAndIncrement() == 0) {
            server.repair(this::moveAll);
        }
    }

    private void moveAll() {
        int seen = wanted.get();
        while (seen != 0) {
            List<RabbitDelivery> some = next();
            while (!some.isEmpty()) {
                move(some);
                some = next();
            }
            seen = wanted.addAndGet(-seen);
        }
    }

    private List<RabbitDelivery> next() {
        List<RabbitDelivery> next = new ArrayList<>();
        for (RabbitDelivery delivery = waiting.poll(); delivery != null; delivery = waiting.poll()) {
            if (delivery.isOpen()) { // or the broker hands it out again by itself
                next.add(delivery);
            }
            if (next.size() == TOGETHER) {
                break;
            }
        }
        return next;
    }

    private void move(List<RabbitDelivery> some) {
        try {
            copy(some);
            some.forEach(RabbitDelivery::moved);
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            some.forEach(delivery -> server.afterHold(delivery::giveBack));
        } catch (Throwable e) { // allow CatchException: they stay where they are, and those behind them are moved
            warn(e);
            some.forEach(delivery -> server.afterHold(delivery::giveBack));
        }
    }

    private void copy(List<RabbitDelivery> some) throws IOException, TimeoutException, InterruptedException {
        if (!topology.declare()) {
            throw new IOException("nothing is declared here");
        }
        Channel channel = server.sendingChannel();
        try {
            String aside = topology.declareAside(channel, queue, server.hold().toMillis());
            AtomicBoolean returned = new AtomicBoolean();
            channel.addReturnListener(message -> returned.set(true));
            channel.confirmSelect();
            for (RabbitDelivery delivery : some) {
                byte[] body = delivery.message().body();
                channel.basicPublish("", aside, true, properties(delivery), body == null ? new byte[0] : body);
            }
            if (!channel.waitForConfirms(server.timeout().toMillis()) || returned.get()) {
                throw new IOException("queue '" + aside + "' did not take it");
            }
        } finally {
            Topology.close(channel);
        }
    }

    private void warn(Throwable failure) {
        if (!failing) {
            failing = true;
            String refusal = Topology.refusal(failure);
            LOG.warn(
                    "Channel '{}' cannot set messages of RabbitMQ queue '{}' aside ({}); each of them takes a place of {} until it is given"
                            + " back. To have them set aside, let the application declare queues.",
                    name,
                    queue,
                    refusal.isEmpty() ? Thrown.describe(failure) : refusal,
                    PropertyNames.channel(name, "in.prefetch"));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("Messages of RabbitMQ queue '{}' were not set aside", queue, Thrown.loggable(failure));
        }
    }

    private static BasicProperties properties(RabbitDelivery delivery) {
        Received received = delivery.received();
        Map<String, Object> kept = new HashMap<>();
        Map<String, Object> headers = new HashMap<>();
        kept.put(ROUTING_KEY, received.routingKey());
        if (received.properties().getHeaders() != null) {
            received.properties()
                    .getHeaders()
                    .forEach((name, value) -> (isKept(name) ? kept : headers).put(name, value));
        }
        kept.put(WireFormat.DELIVERIES, delivery.attempt());
        headers.put(KEPT, kept);
        return received.properties()
                .builder()
                .userId(null)
                .expiration(null)
                .deliveryMode(2)
                .headers(headers)
                .build();
    }

    private static boolean isKept(String header) {
        return header.equals(COPIES) || HISTORY.stream().anyMatch(header::startsWith);
    }

    /**
     * Returns what was kept of a message while it was put aside.
     *
     * @return {@code null} if the broker did not bring it from there: every sender to an exchange can write the header, too
     */
    static @Nullable Map<?, ?> kept(Envelope envelope, BasicProperties properties, String queue) {
        Map<String, Object> headers = properties.getHeaders();
        return headers != null
                        && headers.get(KEPT) instanceof Map<?, ?> kept
                        && envelope.getExchange().isEmpty()
                        && envelope.getRoutingKey().equals(queue)
                        && headers.get("x-death") instanceof List<?> deaths
                        && deaths.size() == 1 // its own history travels among what is kept
                        && deaths.get(0) instanceof Map<?, ?> death
                        && WireFormat.text(death.get("queue")).startsWith(Topology.ASIDE)
                        && WireFormat.text(death.get("reason")).equals("expired")
                ? kept
                : null;
    }

    /** Returns how often a message was handed out before it was put aside. */
    static int attempts(@Nullable Map<?, ?> kept) {
        return kept != null && kept.get(WireFormat.DELIVERIES) instanceof Number count ? count.intValue() : 0;
    }

    /** Returns a message as it was before it was put aside, if it was; otherwise as it came, without what says that it was. */
    static Received restored(String routingKey, BasicProperties properties, @Nullable Map<?, ?> kept) {
        Map<String, Object> headers = properties.getHeaders();
        if (headers == null || !headers.containsKey(KEPT)) {
            return new Received(routingKey, properties);
        }
        Map<String, Object> restored = new HashMap<>(headers);
        restored.remove(KEPT);
        if (kept == null) {
            return new Received(
                    routingKey, properties.builder().headers(restored).build());
        }
        restored.keySet().removeIf(AsideQueue::isKept);
        kept.forEach((name, value) -> {
            if (isKept(String.valueOf(name))) {
                restored.put(String.valueOf(name), value);
            }
        });
        Object key = kept.get(ROUTING_KEY);
        return new Received(
                key == null ? routingKey : WireFormat.text(key),
                properties.builder().headers(restored).build());
    }
}
