// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.Channel;
import io.mecha.PropertyNames;
import io.mecha.binding.Ordering;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.binding.spi.SigningKeys;
import io.mecha.runtime.BackgroundLoop;
import io.mecha.runtime.Backoff;
import java.io.IOException;
import java.time.Duration;
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
    private volatile @Nullable ReceiveSession session;
    private boolean paused;
    /** Both of the loop. */
    private boolean unbound;

    private int failures;

    RabbitConsumer(
            RabbitServer server,
            Topology topology,
            String name,
            SigningKeys keys,
            ConsumerRequest request,
            Receiver receiver) {
        this.server = server;
        this.topology = topology;
        this.name = name;
        this.request = request;
        this.receiver = receiver;
        this.paused = request.paused();
        String queue = topology.queue(request.group());
        this.aside =
                new AsideQueue(server, topology, name, queue, new AsideMark(keys, name, queue), request.maxInFlight());
        this.loop = new BackgroundLoop("mecha-rabbitmq-" + queue, Duration.ZERO, this::receive);
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

    RabbitServer server() {
        return server;
    }

    Topology topology() {
        return topology;
    }

    ConsumerRequest request() {
        return request;
    }

    Receiver receiver() {
        return receiver;
    }

    AsideQueue aside() {
        return aside;
    }

    /** Returns the lock under which messages are handed out, and sessions begin and end. */
    ReentrantLock lock() {
        return lock;
    }

    /** Tells whether nothing is to be handed out; with the lock. */
    boolean paused() {
        return paused;
    }

    /** Notes the session that receives from now on; with the lock. */
    void begun(ReceiveSession begun) {
        inFlight.set(0);
        session = begun;
    }

    boolean isPresent(ReceiveSession one) {
        return session == one;
    }

    /** Counts messages that were handed out, or are finished if there are fewer than none. */
    void count(int more) {
        inFlight.addAndGet(more);
    }

    /** Returns how many messages were handed out and are not finished. */
    int inFlight() {
        return inFlight.get();
    }

    /** Receives until the session ends; returns how long to wait for the next one. */
    private Duration receive() {
        try {
            ReceiveSession begun = begin();
            failures = 0;
            try {
                while (!begun.endedWithin(server.timeout().multipliedBy(REBIND))) {
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

    private ReceiveSession begin() throws IOException {
        boolean single =
                !request.ephemeral() && topology.queue(server::receivingChannel, request.group(), request.ordering());
        Channel channel = server.receivingChannel();
        ReceiveSession begun = new ReceiveSession(this, channel, request.ordering() == Ordering.KEY && !single);
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
                ReceiveSession present = session;
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
                ReceiveSession present = session;
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
            ReceiveSession present = session;
            if (present != null) {
                present.end();
            }
        } finally {
            lock.unlock();
        }
    }
}
