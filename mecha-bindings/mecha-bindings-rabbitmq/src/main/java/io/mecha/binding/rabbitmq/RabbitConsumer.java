// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.mecha.PropertyNames;
import io.mecha.binding.Ordering;
import io.mecha.binding.rabbitmq.RabbitBindingBackend.QueueType;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.BackgroundLoop;
import io.mecha.runtime.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of the queue of a group, which begins again when the AMQP channel or the connection was lost.
 *
 * <p>While paused it gives up consuming, so that other members of the group go on. Where the order of keys matters it stays the
 * active consumer and keeps what it was sent: what it has not finished must not be overtaken.
 */
final class RabbitConsumer implements MessageConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(RabbitConsumer.class);
    private static final Backoff PAUSES = pauses(Duration.ofSeconds(5));
    private static final Backoff IN_USE_PAUSES = pauses(Duration.ofSeconds(1));
    private static final String IN_USE = "403";

    /** After how many times the timeout a queue is bound again, in case its exchange was deleted meanwhile. */
    private static final int REBIND = 3;

    private final RabbitServer server;
    private final Topology topology;
    private final String name;
    private final ConsumerRequest request;
    private final Receiver receiver;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AsideQueue aside;
    private final BackgroundLoop loop;
    private volatile @Nullable Session session;
    private boolean paused;
    /** Both of the loop. */
    private boolean unbound;

    private int failures;

    RabbitConsumer(RabbitServer server, Topology topology, String name, ConsumerRequest request, Receiver receiver) {
        this.server = server;
        this.topology = topology;
        this.name = name;
        this.request = request;
        this.receiver = receiver;
        this.paused = request.paused();
        this.aside = new AsideQueue(server, topology, name, topology.queue(request.group()));
        this.loop =
                new BackgroundLoop("mecha-rabbitmq-" + topology.queue(request.group()), Duration.ZERO, this::receive);
    }

    RabbitConsumer start() {
        loop.start();
        return this;
    }

    boolean isClosed() {
        return loop.isClosed();
    }

    boolean receives(String group) {
        return !loop.isClosed() && request.group().equals(group);
    }

    /** Returns how many messages were handed out and are not finished. */
    int inFlight() {
        return inFlight.get();
    }

    /** Receives until the session ends; returns how long to wait for the next one. */
    private Duration receive() {
        try {
            Session begun = begin();
            failures = 0;
            try {
                while (!begun.ended.await(REBIND * server.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
                    declareAgain();
                }
            } finally {
                begun.end(); // whatever ended the wait: there is never more than one
            }
        } catch (IOException | RuntimeException e) { // allow CatchException: whatever it was, receiving goes on
            warn(e, failures == 0);
            failures++;
            if (Topology.refusal(e).startsWith(IN_USE)) {
                return IN_USE_PAUSES.after(failures + 1);
            }
        } catch (InterruptedException e) {
            LOG.debug("Channel '{}' goes on receiving after an interrupt", name, e);
        }
        return PAUSES.after(failures + 1);
    }

    private static Backoff pauses(Duration longest) {
        return Backoff.doubling(Duration.ofMillis(100), longest).shortened(0.2);
    }

    /** Makes and binds the queue, unless it is. */
    void declare() throws IOException {
        if (request.ephemeral()) {
            topology.bind(server::receivingChannel, request.group());
        } else {
            topology.queue(server::receivingChannel, request.group(), request.ordering());
        }
    }

    /** Binds the queue, which is there as a rule; a declaration with another order would be an error in the broker's log. */
    private void bindAgain() throws IOException {
        try {
            topology.bind(server::receivingChannel, request.group());
        } catch (IOException e) {
            if (!Topology.refusal(e).startsWith(ConfirmChannel.NOT_FOUND)) {
                throw e;
            }
            declare();
        }
    }

    private void declareAgain() {
        try {
            if (request.ephemeral() || topology.declare()) {
                bindAgain();
            }
            unbound = false;
        } catch (IOException | RuntimeException e) { // allow CatchException: whatever it was, receiving goes on
            String refusal = Topology.refusal(e);
            if (!unbound && !refusal.isEmpty()) {
                unbound = true;
                LOG.warn(
                        "Channel '{}' cannot bind RabbitMQ queue '{}' again and goes on trying: {}",
                        name,
                        topology.queue(request.group()),
                        refusal);
            }
        }
    }

    private void warn(Exception failure, boolean first) {
        String refusal = Topology.refusal(failure);
        if (refusal.startsWith(IN_USE)) {
            LOG.debug("Channel '{}' waits until another member of group '{}' stops", name, request.group());
        } else if (first && Topology.denies(failure)) {
            LOG.warn(
                    "Channel '{}' does not receive from RabbitMQ and goes on trying: it does not accept the application's credentials."
                            + " Correct spring.rabbitmq.username, spring.rabbitmq.password or spring.rabbitmq.virtual-host.",
                    name);
        } else if (first) {
            LOG.warn(
                    "Channel '{}' does not receive from RabbitMQ queue '{}' and goes on trying: {}. If the queue exists with other"
                            + " settings, delete it, or set {} to false.",
                    name,
                    topology.queue(request.group()),
                    refusal.isEmpty() ? failure.toString() : refusal,
                    PropertyNames.channel(name, "rabbitmq.declare"));
        } else {
            LOG.debug("Channel '{}' still does not receive", name, failure);
        }
    }

    private Session begin() throws IOException {
        boolean single =
                !request.ephemeral() && topology.queue(server::receivingChannel, request.group(), request.ordering());
        Channel channel = server.receivingChannel();
        Session begun = new Session(channel, request.ordering() == Ordering.KEY && !single);
        boolean complete = false;
        try {
            if (request.ephemeral()) {
                topology.ephemeral(channel, request.group());
            }
            channel.basicQos(Math.min(request.maxInFlight(), 65_535));
            begun.start();
            complete = true;
            return begun;
        } finally {
            if (!complete) {
                begun.end();
            }
        }
    }

    @Override
    public void pause() {
        lock.lock();
        try {
            if (!paused) {
                paused = true;
                Session present = session;
                if (present != null && request.ordering() == Ordering.NONE) {
                    present.cancel();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            if (paused) {
                paused = false;
                Session present = session;
                if (present != null) {
                    present.resume();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            loop.close();
            Session present = session;
            if (present != null) {
                present.end();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The time of one AMQP channel; the broker hands out again what was not finished in it. */
    final class Session {

        private final Channel channel;
        private final boolean exclusive;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicBoolean ending = new AtomicBoolean();
        private final SortedMap<Long, RabbitDelivery> held = new TreeMap<>();
        private @Nullable String consumer;

        /**
         * Begins.
         *
         * @param exclusive whether to consume only if nobody else does; others try again until we are gone
         */
        Session(Channel channel, boolean exclusive) {
            this.channel = channel;
            this.exclusive = exclusive;
        }

        Channel channel() {
            return channel;
        }

        boolean isOpen() {
            return ended.getCount() > 0 && channel.isOpen();
        }

        boolean isOrdered() {
            return request.ordering() == Ordering.KEY;
        }

        /**
         * Hands a message out again, from another thread, since the receiver gave it back in the midst of something. Until then it
         * stands before what arrives of its key; what is being handed out arrives first, and is given back after it.
         */
        void again(RabbitDelivery delivery) {
            lock.lock();
            try {
                if (!isOpen()) {
                    return;
                }
                inFlight.incrementAndGet();
                held.put(delivery.tag(), delivery);
            } finally {
                lock.unlock();
            }
            server.execute(this::handOutHeld);
        }

        void putAside(RabbitDelivery delivery) {
            aside.add(delivery);
        }

        private void handOutHeld() {
            lock.lock();
            try {
                List<RabbitDelivery> waiting = paused || !isOpen() ? List.of() : List.copyOf(held.values());
                waiting.forEach(delivery -> held.remove(delivery.tag()));
                for (RabbitDelivery delivery : waiting) {
                    if (standsBehindHeld(delivery)) {
                        held.put(delivery.tag(), delivery); // the receiver gave one back at once
                    } else {
                        receiver.receive(List.of(delivery));
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        private boolean standsBehindHeld(RabbitDelivery delivery) {
            String key = delivery.message().key();
            return !held.isEmpty()
                    && key != null
                    && held.values().stream()
                            .anyMatch(other -> key.equals(other.message().key()));
        }

        void finished() {
            if (session == this) {
                inFlight.decrementAndGet();
            }
        }

        void start() throws IOException {
            lock.lock();
            try {
                if (loop.isClosed()) {
                    end();
                    return;
                }
                channel.addShutdownListener(cause -> ended.countDown());
                inFlight.set(0);
                session = this;
                if (!paused || isOrdered()) {
                    consume();
                }
            } finally {
                lock.unlock();
            }
        }

        private void consume() throws IOException {
            boolean counted = !request.ephemeral() && topology.queueType() == QueueType.QUORUM;
            consumer = channel.basicConsume(
                    topology.queue(request.group()),
                    false,
                    "",
                    false,
                    exclusive,
                    Map.of(),
                    new DefaultConsumer(channel) {

                        @Override
                        public void handleDelivery(
                                String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                            Map<?, ?> kept = AsideQueue.kept(envelope, properties, topology.queue(request.group()));
                            Received received = AsideQueue.restored(envelope.getRoutingKey(), properties, kept);
                            arrived(new RabbitDelivery(
                                    Session.this,
                                    envelope.getDeliveryTag(),
                                    received,
                                    WireFormat.message(received.routingKey(), received.properties(), body),
                                    AsideQueue.attempts(kept) + WireFormat.attempt(envelope, properties, counted)));
                        }

                        @Override
                        public void handleCancel(String tag) {
                            end(); // the queue was deleted, or its node is gone
                        }

                        @Override
                        public void handleShutdownSignal(String tag, ShutdownSignalException cause) {
                            ended.countDown();
                        }
                    });
        }

        private void arrived(RabbitDelivery delivery) {
            lock.lock();
            try {
                if (!isOpen()) {
                    return;
                }
                inFlight.incrementAndGet();
                if (isOrdered() && (paused || standsBehindHeld(delivery))) {
                    held.put(delivery.tag(), delivery);
                } else if (!paused) {
                    receiver.receive(List.of(delivery));
                } else {
                    delivery.release();
                }
            } finally {
                lock.unlock();
            }
        }

        private void cancel() {
            String present = consumer;
            consumer = null;
            try {
                if (present != null && isOpen()) {
                    channel.basicCancel(present);
                }
            } catch (IOException | AlreadyClosedException e) {
                end();
            }
        }

        private void resume() {
            handOutHeld();
            try {
                if (consumer == null && isOpen()) {
                    consume();
                }
            } catch (IOException | AlreadyClosedException e) {
                end();
            }
        }

        /**
         * Ends once: the client frees the number of a channel that two threads close before the broker has closed it, and the next
         * channel of that number ends the connection.
         */
        private void end() {
            if (ending.compareAndSet(false, true)) {
                ended.countDown();
                Topology.close(channel);
            }
        }
    }
}
