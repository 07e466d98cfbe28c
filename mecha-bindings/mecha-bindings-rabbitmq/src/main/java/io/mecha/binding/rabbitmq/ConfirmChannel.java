// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A publisher on one AMQP channel at a time, with confirms and mandatory routing, that opens another channel when the last one was
 * closed.
 *
 * <p>What it declared can be deleted underneath. The broker tells so by a message that comes back, or by closing the channel for an
 * exchange that is not there. Then exchange, queues and bindings are declared again, and what was not kept is published once more,
 * before anything newer, so that keys keep their order.
 */
final class ConfirmChannel {

    static final String NOT_FOUND = "404";

    private static final int KNOWN_DELAYS = 1_000;
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RabbitServer server;
    private final Topology topology;
    private final String name;
    private final Declarations declarations;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Delayed> delays = new HashMap<>();
    private final Queue<Pending> again = new ConcurrentLinkedQueue<>();
    private final Queue<Pending> later = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean catchingUp = new AtomicBoolean();
    private @Nullable PublishSession session;
    private volatile long declaredAt = System.nanoTime() - AGAIN_NANOS;
    private volatile boolean closed;

    ConfirmChannel(RabbitServer server, Topology topology, String name, Declarations declarations) {
        this.server = server;
        this.topology = topology;
        this.name = name;
        this.declarations = declarations;
    }

    RabbitServer server() {
        return server;
    }

    Topology topology() {
        return topology;
    }

    CompletionStage<Receipt> publish(String id, Message message) {
        Pending sent = new Pending(id, message);
        if (RabbitServer.reads()) {
            publishWithoutWaiting(sent);
            return sent.stage();
        }
        if (!locked()) {
            return CompletableFuture.failedStage(SendException.unreachable(name, RabbitBindingBackend.TYPE, null));
        }
        try {
            if (closed) {
                return CompletableFuture.failedStage(SendException.closed(name));
            }
            catchUp();
            publish(sent);
        } catch (IOException | ShutdownSignalException e) {
            sent.fail(failure(e));
        } finally {
            lock.unlock();
        }
        return sent.stage();
    }

    private void publish(Pending sent) throws IOException {
        PublishSession present = open();
        try {
            present.publish(sent);
        } catch (AlreadyClosedException e) {
            open().publish(sent);
        }
    }

    /**
     * Publishes what a continuation sends on the thread that reads confirms. It would wait for itself where it waits for a confirm,
     * an answer, or a thread that waits for one; then another thread publishes it.
     */
    private void publishWithoutWaiting(Pending sent) {
        if (publishedAtOnce(sent)) {
            return;
        }
        later.add(sent);
        if (closed) {
            abandon();
        } else if (catchingUp.compareAndSet(false, true)) {
            repair();
        }
    }

    private boolean publishedAtOnce(Pending sent) {
        if (sent.message().delay() != null || !lock.tryLock()) {
            return false;
        }
        try {
            PublishSession present = session;
            if (closed || present == null || !present.usable() || !later.isEmpty()) {
                return false;
            }
            present.publish(sent);
        } catch (AlreadyClosedException e) {
            return false;
        } catch (IOException e) {
            sent.fail(failure(e));
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** Publishes what was sent on the thread that reads, before anything newer. */
    private void catchUp() {
        Exception failed = null;
        for (Pending sent = later.poll(); sent != null; sent = later.poll()) {
            if (failed == null) {
                failed = failureOf(sent);
            }
            if (failed != null) {
                sent.fail(failure(failed));
            }
        }
    }

    private @Nullable Exception failureOf(Pending sent) {
        try {
            publish(sent);
            return null;
        } catch (IOException | ShutdownSignalException e) {
            return e;
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

    private PublishSession open() throws IOException {
        PublishSession present = session;
        if (present != null && present.usable()) {
            return present;
        }
        try {
            if (present != null) {
                present.drain();
            }
            if (!again.isEmpty()) {
                declareAgain();
            }
            if (present == null || !present.isOpen()) {
                delays.clear();
                present = begin();
            }
            for (Pending sent = again.poll(); sent != null; sent = again.poll()) {
                present.repeat(sent);
            }
            return present;
        } catch (IOException | ShutdownSignalException e) {
            for (Pending sent = again.poll(); sent != null; sent = again.poll()) {
                sent.fail(failure(e));
            }
            throw e;
        }
    }

    private PublishSession begin() throws IOException {
        PublishSession begun = new PublishSession(this, server.sendingChannel());
        try {
            begun.begin();
        } catch (IOException | ShutdownSignalException e) {
            begun.close();
            throw e;
        }
        session = begun;
        return begun;
    }

    private void declareAgain() throws IOException {
        delays.clear();
        if (topology.declare()) {
            declarations.again();
        }
        declaredAt = System.nanoTime();
    }

    /** Tells whether a message that came back may be kept after everything was declared again. */
    boolean worthAnotherTry(Pending sent) {
        if (sent.repeated()) {
            return false;
        }
        return sent.message().delay() != null
                || (topology.declare()
                        && declarations.any()
                        && (sent.since() < declaredAt || System.nanoTime() - declaredAt > AGAIN_NANOS));
    }

    /** Publishes a message once more, soon and before what is newer. */
    void again(Pending sent) {
        again.add(sent);
    }

    /** Gives up some of those that were to be published once more. */
    void giveUp(Predicate<Pending> which) {
        again.removeIf(sent -> {
            boolean given = which.test(sent);
            if (given) {
                sent.fail(unroutable());
            }
            return given;
        });
    }

    /** Sees to it that what is to be published again does not wait for the next message. */
    void repair() {
        server.repair(() -> {
            lock.lock();
            try {
                catchingUp.set(false);
                if (closed) {
                    abandon();
                } else if (later.isEmpty()) {
                    open();
                } else {
                    catchUp(); // which opens first
                }
            } catch (IOException | ShutdownSignalException e) {
                // Those that waited for it have been told.
            } finally {
                lock.unlock();
            }
        });
    }

    /** Returns the queue for a delay, which is made unless it is known. */
    String delayQueue(Duration delay) throws IOException {
        long millis = topology.delayMillis(delay);
        Delayed known = delays.get(millis);
        // To declare it again puts off the time when the broker deletes it.
        if (known != null && System.nanoTime() - known.declaredAt <= Topology.UNUSED.toNanos() / 2) {
            return known.queue;
        }
        if (delays.size() >= KNOWN_DELAYS) {
            delays.clear();
        }
        String queue = topology.delayQueue(millis);
        Channel channel = server.sendingChannel();
        try {
            topology.declareDelay(channel, queue, millis);
        } finally {
            Topology.close(channel);
        }
        delays.put(millis, new Delayed(queue, System.nanoTime()));
        return queue;
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            if (session != null) {
                session.close();
            }
            abandon();
        } finally {
            lock.unlock();
        }
    }

    private void abandon() {
        for (Queue<Pending> queue : List.of(again, later)) {
            for (Pending sent = queue.poll(); sent != null; sent = queue.poll()) {
                sent.fail(SendException.closed(name));
            }
        }
    }

    SendException failure(Exception failure) {
        String refusal = Topology.refusal(failure);
        if (refusal.startsWith(NOT_FOUND)) {
            return SendException.absent(name, RabbitBindingBackend.TYPE, topology.exchange(), failure);
        }
        if (Topology.denies(failure)) {
            return SendException.denied(name, RabbitBindingBackend.TYPE, failure);
        }
        return refusal.isEmpty()
                ? SendException.unreachable(name, RabbitBindingBackend.TYPE, failure)
                : refused(refusal, failure);
    }

    SendException refused(String reason, @Nullable Exception cause) {
        return SendException.refused(name, RabbitBindingBackend.TYPE, reason, cause);
    }

    SendException unacceptable(String reason, @Nullable Exception cause) {
        return SendException.unacceptable(name, RabbitBindingBackend.TYPE, reason, cause);
    }

    SendException unroutable() {
        return SendException.unroutable(name, RabbitBindingBackend.TYPE, topology.exchange());
    }

    SendException unconfirmed(Exception cause) {
        return SendException.unconfirmed(name, RabbitBindingBackend.TYPE, cause);
    }

    /** A queue for one length of delay. */
    private record Delayed(String queue, long declaredAt) {}

    /** The declarations of this application on the broker. */
    interface Declarations {

        /** Tells whether there is a queue that could be bound again. */
        boolean any();

        /** Makes and binds again what is not there. */
        void again() throws IOException;
    }
}
