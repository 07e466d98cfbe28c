// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.mecha.binding.spi.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The time of one AMQP channel, and what the broker has not confirmed on it. */
final class PublishSession {

    private static final byte[] NOTHING = {};

    private final ConfirmChannel owner;
    private final Channel channel;
    private final ConcurrentSkipListMap<Long, Pending> pending = new ConcurrentSkipListMap<>();
    private final Future<?> watch;
    private final ReentrantLock ending = new ReentrantLock();
    private final Semaphore confirms = new Semaphore(0);

    /** Keys of messages that reached a queue after another one had come back. */
    private final Set<String> overtaken = Collections.synchronizedSet(new HashSet<>());

    private volatile long firstReturned;
    private long next = 1;

    PublishSession(ConfirmChannel owner, Channel channel) {
        this.owner = owner;
        this.channel = channel;
        this.watch = owner.server().watch(this::expire);
    }

    void begin() throws IOException {
        channel.addShutdownListener(this::lost);
        owner.topology().exchange(channel);
        channel.confirmSelect();
        channel.addReturnListener(this::returned);
        channel.addConfirmListener(
                (sequence, multiple) -> take(sequence, multiple, this::confirmed),
                (sequence, multiple) -> take(sequence, multiple, this::refused));
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Tells whether it is open, and no message came back that must be published again first. */
    boolean usable() {
        return firstReturned == 0 && channel.isOpen();
    }

    void close() {
        Topology.close(channel);
    }

    // The client counts what it refuses itself as published, so its own numbers are not those of the broker.
    void publish(Pending sent) throws IOException {
        Message message = sent.message();
        Duration delay = message.delay();
        String exchange = delay == null ? owner.topology().exchange() : owner.delayQueue(delay);
        byte[] body = message.body();
        String route = owner.topology().routingKey(message);
        long sequence = next;
        BasicProperties properties = WireFormat.properties(sent.id(), message, sequence);
        pending.put(sequence, sent);
        try {
            channel.basicPublish(exchange, route, true, properties, body == null ? NOTHING : body);
            next = sequence + 1;
        } catch (IOException e) {
            if (pending.remove(sequence) != null) {
                sent.fail(owner.unconfirmed(e));
            }
        } catch (IllegalArgumentException e) {
            pending.remove(sequence);
            sent.fail(owner.unacceptable("AMQP cannot carry it (%s)".formatted(e.getMessage()), e));
        } catch (AlreadyClosedException e) {
            // If it is not there, the end of the channel has decided what becomes of it.
            if (pending.remove(sequence) != null) {
                throw e;
            }
        }
    }

    void repeat(Pending sent) throws IOException {
        sent.repeat();
        try {
            publish(sent);
        } catch (IOException | ShutdownSignalException e) {
            owner.again(sent); // to be told with the others
            throw e;
        }
    }

    /** Waits until the broker has said of each message what became of it; not on the thread that reads what it says. */
    void drain() throws IOException {
        long deadline = System.nanoTime() + owner.server().timeout().toNanos();
        try {
            while (channel.isOpen() && !pending.isEmpty()) {
                if (!confirms.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new IOException("No confirm within " + owner.server().timeout());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        ShutdownSignalException reason = channel.getCloseReason();
        if (reason != null) {
            lost(reason);
        }
        owner.giveUp(sent -> overtaken.contains(key(sent)));
        overtaken.clear();
        confirms.drainPermits();
        firstReturned = 0;
    }

    private void returned(Return returned) {
        Map<String, Object> headers = returned.getProperties().getHeaders();
        if (headers != null && headers.get(WireFormat.SEQUENCE) instanceof Number sequence) {
            Pending unroutable = pending.get(sequence.longValue());
            if (unroutable != null) {
                unroutable.cameBack();
                if (firstReturned == 0 && owner.worthAnotherTry(unroutable)) {
                    firstReturned = sequence.longValue();
                }
            }
        }
    }

    private void confirmed(Long sequence, Pending sent) {
        if (!sent.unroutable()) {
            if (firstReturned != 0 && sequence > firstReturned) {
                overtaken.add(key(sent));
            }
            sent.succeed();
        } else if (firstReturned != 0 && owner.worthAnotherTry(sent)) {
            owner.again(sent);
            if (sequence == firstReturned) {
                owner.repair();
            }
        } else {
            sent.fail(owner.unroutable());
        }
    }

    private void refused(Long sequence, Pending sent) {
        sent.fail(owner.refused("a queue did not take it", null));
    }

    private void take(long sequence, boolean multiple, BiConsumer<Long, Pending> action) {
        if (multiple) {
            var confirmed = pending.headMap(sequence, true);
            confirmed.forEach(action);
            confirmed.clear();
        } else {
            Pending sent = pending.remove(sequence);
            if (sent != null) {
                action.accept(sequence, sent);
            }
        }
        if (firstReturned != 0) {
            confirms.release();
        }
    }

    /** Gives the connection up if the broker owes a confirm for too long. */
    private void expire() {
        Map.Entry<Long, Pending> oldest = pending.firstEntry();
        if (oldest != null
                && System.nanoTime() - oldest.getValue().since()
                        > owner.server().timeout().toNanos()) {
            TimeoutException cause =
                    new TimeoutException("No confirm within " + owner.server().timeout());
            end(sent -> sent.fail(owner.unconfirmed(cause)));
            owner.server().giveUp(channel.getConnection());
        }
    }

    private void lost(ShutdownSignalException cause) {
        watch.cancel(false);
        confirms.release();
        if (Topology.refusal(cause).startsWith(ConfirmChannel.NOT_FOUND)) {
            // Those before the one at fault may have been kept; a message that comes twice is better than one that
            // never does.
            end(sent -> {
                if (sent.repeated()) {
                    sent.fail(owner.failure(cause));
                } else {
                    owner.again(sent);
                }
            });
            owner.repair();
        } else {
            long maximum = Topology.maximumSize(Topology.refusal(cause));
            end(sent -> sent.fail(
                    size(sent) > maximum
                            ? owner.unacceptable("it is larger than the broker's %d bytes".formatted(maximum), cause)
                            : owner.unconfirmed(cause)));
        }
    }

    private static long size(Pending sent) {
        byte[] body = sent.message().body();
        return body == null ? 0 : body.length;
    }

    private void end(Consumer<Pending> action) {
        ending.lock();
        try {
            for (Map.Entry<Long, Pending> sent = pending.pollFirstEntry();
                    sent != null;
                    sent = pending.pollFirstEntry()) {
                action.accept(sent.getValue());
            }
        } finally {
            ending.unlock();
        }
    }

    private static String key(Pending sent) {
        String key = sent.message().key();
        return key == null ? "" : key;
    }
}
