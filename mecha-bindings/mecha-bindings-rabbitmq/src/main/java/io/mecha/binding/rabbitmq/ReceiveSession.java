// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.mecha.binding.Ordering;
import io.mecha.binding.rabbitmq.RabbitBindingBackend.QueueType;
import io.mecha.runtime.StopGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The time of one AMQP channel; the broker hands out again what was not finished in it. */
final class ReceiveSession {

    private final RabbitConsumer owner;
    private final Channel channel;
    private final StopGuard guard;
    private final boolean exclusive;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final SortedMap<Long, RabbitDelivery> held = new TreeMap<>();
    private @Nullable String consumer;

    /**
     * Begins.
     *
     * @param owner has at most one
     * @param exclusive whether to consume only if nobody else does; others try again until we are gone
     */
    ReceiveSession(RabbitConsumer owner, Channel channel, boolean exclusive) {
        this.owner = owner;
        this.channel = channel;
        this.guard = owner.server().receivingGuard();
        this.exclusive = exclusive;
    }

    Channel channel() {
        return channel;
    }

    /** Waits for the end; {@code false} if it has not come by then. */
    boolean endedWithin(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isOpen() {
        return ended.getCount() > 0 && channel.isOpen() && !guard.stood();
    }

    boolean isOrdered() {
        return owner.request().ordering() == Ordering.KEY;
    }

    /**
     * Hands a message out again, from another thread, since the receiver gave it back in the midst of something. Until then it
     * stands before what arrives of its key; what is being handed out arrives first, and is given back after it.
     */
    void again(RabbitDelivery delivery) {
        owner.lock().lock();
        try {
            if (!isOpen()) {
                return;
            }
            owner.count(1);
            held.put(delivery.tag(), delivery);
        } finally {
            owner.lock().unlock();
        }
        owner.server().execute(this::handOutHeld);
    }

    void putAside(RabbitDelivery delivery) {
        owner.aside().add(delivery);
    }

    private void handOutHeld() {
        owner.lock().lock();
        try {
            List<RabbitDelivery> waiting = owner.paused() || !isOpen() ? List.of() : List.copyOf(held.values());
            waiting.forEach(delivery -> held.remove(delivery.tag()));
            for (RabbitDelivery delivery : waiting) {
                if (standsBehindHeld(delivery)) {
                    held.put(delivery.tag(), delivery); // the receiver gave one back at once
                } else {
                    owner.receiver().receive(List.of(delivery));
                }
            }
        } finally {
            owner.lock().unlock();
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
        if (owner.isPresent(this)) {
            owner.count(-1);
        }
    }

    void start() throws IOException {
        owner.lock().lock();
        try {
            if (owner.isClosed()) {
                end();
                return;
            }
            channel.addShutdownListener(cause -> ended.countDown());
            owner.begun(this);
            if (!owner.paused() || isOrdered()) {
                consume();
            }
        } finally {
            owner.lock().unlock();
        }
    }

    private void consume() throws IOException {
        boolean counted = !owner.request().ephemeral() && owner.topology().queueType() == QueueType.QUORUM;
        consumer = channel.basicConsume(
                owner.topology().queue(owner.request().group()),
                false,
                "",
                false,
                exclusive,
                Map.of(),
                new DefaultConsumer(channel) {

                    @Override
                    public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                        AsideMark.Restored restored =
                                owner.aside().mark().restored(envelope.getRoutingKey(), properties, body);
                        arrived(new RabbitDelivery(
                                ReceiveSession.this,
                                envelope.getDeliveryTag(),
                                restored.received(),
                                body,
                                restored.attempts() + WireFormat.attempt(envelope, properties, counted)));
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
        owner.lock().lock();
        try {
            if (!isOpen()) {
                return;
            }
            owner.count(1);
            if (isOrdered() && (owner.paused() || standsBehindHeld(delivery))) {
                held.put(delivery.tag(), delivery);
            } else if (!owner.paused()) {
                owner.receiver().receive(List.of(delivery));
            } else {
                delivery.release();
            }
        } finally {
            owner.lock().unlock();
        }
    }

    void cancel() {
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

    void resume() {
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
    void end() {
        if (ending.compareAndSet(false, true)) {
            ended.countDown();
            Topology.close(channel);
        }
    }
}
