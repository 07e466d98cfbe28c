// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes on one AMQP channel at a time, with confirms and mandatory routing, and opens another channel when the last one was
 * closed.
 */
final class ConfirmChannel {

    private static final byte[] NOTHING = {};
    private static final String NOT_FOUND = "404";
    private static final int KNOWN_DELAYS = 1_000;

    private final RabbitServer server;
    private final Topology topology;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> delays = new HashMap<>();
    private @Nullable Session session;
    private boolean closed;

    ConfirmChannel(RabbitServer server, Topology topology, String name) {
        this.server = server;
        this.topology = topology;
        this.name = name;
    }

    CompletionStage<Receipt> publish(String id, Message message) {
        if (!locked()) {
            return CompletableFuture.failedStage(SendException.unreachable(name, RabbitBindingBackend.TYPE, null));
        }
        try {
            if (closed) {
                return CompletableFuture.failedStage(SendException.closed(name));
            }
            return open().publish(id, message);
        } catch (IOException | ShutdownSignalException e) {
            return CompletableFuture.failedStage(SendException.unreachable(name, RabbitBindingBackend.TYPE, e));
        } finally {
            lock.unlock();
        }
    }

    // A broker that is out of memory does not read, and a write waits for it without a limit of its own.
    private boolean locked() {
        try {
            return lock.tryLock(server.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Session open() throws IOException {
        Session present = session;
        if (present == null || !present.channel.isOpen()) {
            delays.clear();
            present = new Session(server.sendingChannel());
            present.begin();
            session = present;
        }
        return present;
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            if (session != null) {
                Topology.close(session.channel);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What one AMQP channel has not confirmed. */
    private final class Session {

        private final Channel channel;
        private final ConcurrentSkipListMap<Long, Pending> pending = new ConcurrentSkipListMap<>();
        private final Future<?> watch;

        Session(Channel channel) {
            this.channel = channel;
            this.watch = server.watch(this::expire);
        }

        void begin() throws IOException {
            channel.addShutdownListener(this::lost);
            topology.exchange(channel);
            channel.confirmSelect();
            channel.addReturnListener(this::returned);
            channel.addConfirmListener(this::confirmed, this::refused);
        }

        CompletionStage<Receipt> publish(String id, Message message) throws IOException {
            String target = topology.routingKey(message.key());
            Duration delay = message.delay();
            String route = delay == null ? target : delayQueue(delay, target);
            long sequence = channel.getNextPublishSeqNo();
            Pending sent = new Pending(id);
            pending.put(sequence, sent);
            byte[] body = message.body();
            try {
                channel.basicPublish(
                        delay == null ? topology.exchange() : "",
                        route,
                        true,
                        WireFormat.properties(id, message, sequence),
                        body == null ? NOTHING : body);
            } catch (IOException e) {
                pending.remove(sequence);
                sent.fail(SendException.unconfirmed(name, RabbitBindingBackend.TYPE, e));
            } catch (AlreadyClosedException e) {
                pending.remove(sequence);
                throw e;
            }
            return sent.stage;
        }

        private String delayQueue(Duration delay, String target) throws IOException {
            long millis = topology.delayMillis(delay);
            String queue = topology.delayQueue(millis, target);
            Long declared = delays.get(queue);
            // To declare it again puts off the time when the broker deletes it.
            if (declared == null || System.nanoTime() - declared > Topology.UNUSED.toNanos() / 2) {
                if (delays.size() >= KNOWN_DELAYS) {
                    delays.clear();
                }
                topology.declareDelay(channel, queue, millis, target);
                delays.put(queue, System.nanoTime());
            }
            return queue;
        }

        private void returned(Return returned) {
            Map<String, Object> headers = returned.getProperties().getHeaders();
            if (headers != null && headers.get(WireFormat.SEQUENCE) instanceof Number sequence) {
                Pending unroutable = pending.get(sequence.longValue());
                if (unroutable != null) {
                    unroutable.unroutable = true;
                }
            }
        }

        private void confirmed(long sequence, boolean multiple) {
            take(sequence, multiple, sent -> {
                if (sent.unroutable) {
                    sent.fail(SendException.unroutable(name, RabbitBindingBackend.TYPE, topology.exchange()));
                } else {
                    sent.stage.complete(new Receipt(sent.id, null));
                }
            });
        }

        private void refused(long sequence, boolean multiple) {
            take(
                    sequence,
                    multiple,
                    sent -> sent.fail(
                            SendException.refused(name, RabbitBindingBackend.TYPE, "a queue did not take it", null)));
        }

        private void take(long sequence, boolean multiple, Consumer<Pending> action) {
            if (multiple) {
                var confirmed = pending.headMap(sequence, true);
                confirmed.values().forEach(action);
                confirmed.clear();
            } else {
                Pending sent = pending.remove(sequence);
                if (sent != null) {
                    action.accept(sent);
                }
            }
        }

        /** Gives the connection up if the broker owes a confirm for too long. */
        private void expire() {
            Map.Entry<Long, Pending> oldest = pending.firstEntry();
            if (oldest != null
                    && System.nanoTime() - oldest.getValue().since
                            > server.timeout().toNanos()) {
                fail(new TimeoutException("No confirm within " + server.timeout()), false);
                server.giveUp(channel.getConnection());
            }
        }

        private void lost(ShutdownSignalException cause) {
            watch.cancel(false);
            fail(cause, Topology.refusal(cause).startsWith(NOT_FOUND));
        }

        private void fail(Exception cause, boolean unroutable) {
            for (Map.Entry<Long, Pending> sent = pending.pollFirstEntry();
                    sent != null;
                    sent = pending.pollFirstEntry()) {
                sent.getValue()
                        .fail(
                                unroutable
                                        ? SendException.unroutable(name, RabbitBindingBackend.TYPE, topology.exchange())
                                        : SendException.unconfirmed(name, RabbitBindingBackend.TYPE, cause));
            }
        }
    }

    /** A message that the broker has not confirmed. */
    private static final class Pending {

        private final String id;
        private final long since = System.nanoTime();
        private final CompletableFuture<Receipt> stage = new CompletableFuture<>();
        private volatile boolean unroutable;

        Pending(String id) {
            this.id = id;
        }

        void fail(SendException failure) {
            stage.completeExceptionally(failure);
        }
    }
}
