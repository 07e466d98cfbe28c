// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.mecha.PropertyNames;
import io.mecha.Thrown;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue in which the broker keeps what a group has put aside, until it brings it back to the queue of the group.
 *
 * <p>A message is acknowledged when the broker has confirmed its copy there, so that it takes no place among those in flight and no
 * memory here. It comes back as it came, by its {@link AsideMark}. Where nothing is declared here, the queue may be made by others.
 *
 * <p>What cannot be moved keeps its place. Up to half of the places are kept as long as the broker lets a message be kept; those that come
 * on top in a tenth of that time, so that what is put aside cannot stop the group for longer. Then it goes behind what waits in the queue
 * of the group.
 */
final class AsideQueue {

    private static final Logger LOG = LoggerFactory.getLogger(AsideQueue.class);
    private static final int TOGETHER = 256;

    /** What part of the time of those that keep their places is that of those for which there is no such place. */
    private static final int SHORTER = 10;

    private final RabbitServer server;
    private final Topology topology;
    private final String name;
    private final String queue;
    private final AsideMark mark;
    private final int mostHeld;
    private final Queue<RabbitDelivery> held = new ConcurrentLinkedQueue<>();
    private final Queue<RabbitDelivery> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private boolean failing; // of the thread that moves

    /**
     * Prepare a queue, which is made when something is put aside.
     *
     * @param queue the queue of the group
     * @param places how many messages may be in flight
     */
    AsideQueue(RabbitServer server, Topology topology, String name, String queue, AsideMark mark, int places) {
        this.mark = mark;
        this.mostHeld = places / 2;
        this.server = server;
        this.topology = topology;
        this.name = name;
        this.queue = queue;
    }

    /** Returns what marks messages that were put aside. */
    AsideMark mark() {
        return mark;
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
            copy(some, true);
            some.forEach(RabbitDelivery::moved);
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            some.forEach(this::hold);
        } catch (Throwable e) { // allow CatchException: they stay where they are, and those behind them are moved
            warn(e);
            some.forEach(this::hold);
        }
    }

    private void hold(RabbitDelivery delivery) {
        held.removeIf(other -> !other.isOpen());
        Duration time = server.hold();
        if (held.size() < mostHeld) {
            held.add(delivery);
        } else {
            time = time.dividedBy(SHORTER);
        }
        server.after(time, () -> {
            held.remove(delivery);
            server.repair(() -> sendBack(delivery));
        });
    }

    /** Puts a message behind what waits: a classic queue hands out first what it gets back, and nothing else while there is such. */
    private void sendBack(RabbitDelivery delivery) {
        if (!delivery.isOpen()) {
            return;
        }
        try {
            copy(List.of(delivery), false);
            delivery.moved();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            delivery.giveBack();
        } catch (Throwable e) { // allow CatchException: the broker has it still
            LOG.debug("A message of RabbitMQ queue '{}' was not put behind the others", queue, Thrown.loggable(e));
            delivery.giveBack();
        }
    }

    private void copy(List<RabbitDelivery> some, boolean aside)
            throws IOException, TimeoutException, InterruptedException {
        Channel channel = server.sendingChannel();
        try {
            String target =
                    aside ? topology.declareAside(channel, queue, server.hold().toMillis()) : queue;
            AtomicBoolean returned = new AtomicBoolean();
            channel.addReturnListener(message -> returned.set(true));
            channel.confirmSelect();
            for (RabbitDelivery delivery : some) {
                byte[] body = delivery.body();
                BasicProperties properties = mark.marked(delivery.received(), delivery.attempt(), body);
                channel.basicPublish("", target, true, properties, body);
            }
            if (!channel.waitForConfirms(server.timeout().toMillis()) || returned.get()) {
                throw new IOException("queue '" + target + "' did not take it");
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
                    "Channel '{}' cannot set messages of RabbitMQ queue '{}' aside ({}); each of them takes a place of {} and goes"
                            + " back to the queue after {}, for half of the places, or after {}. Let the application declare"
                            + " queues with {}, or make the queue '{}' as the guide says.",
                    name,
                    queue,
                    refusal.isEmpty() ? Thrown.describe(failure) : refusal,
                    PropertyNames.channel(name, "in.prefetch"),
                    server.hold(),
                    server.hold().dividedBy(SHORTER),
                    PropertyNames.channel(name, "rabbitmq.declare"),
                    Topology.asideQueue(queue, server.hold().toMillis()));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("Messages of RabbitMQ queue '{}' were not set aside", queue, Thrown.loggable(failure));
        }
    }
}
