// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.mecha.runtime.GuardedTask;
import io.mecha.runtime.StopGuard;
import io.mecha.runtime.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to one RabbitMQ that all channels of an application share: one to send, one to receive, because a broker
 * that is short of memory stops reading from those that send.
 *
 * <p>Thread-safe. Connects when a connection is first needed, and again when it was lost.
 *
 * @since 1.0
 */
public final class RabbitServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RabbitServer.class);
    private static final int CLOSE_MILLIS = 2_000;
    private static final int GIVE_UP_MILLIS = 100;

    /** Less than the 30 minutes after which a broker closes a channel that has not acknowledged a message. */
    private static final Duration HOLD = Duration.ofMinutes(10);

    /**
     * What part of the heartbeat a connection may stand still. The broker gives it up when it has heard nothing for one heartbeat, and the
     * client may have said nothing for some time before it stood still.
     */
    private static final int STANDSTILL = 4;

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private static final ThreadLocal<Boolean> READS = ThreadLocal.withInitial(() -> false);

    private final ConnectionFactory factory;
    private final List<Address> addresses;
    private final Duration timeout;
    private final Duration hold;
    private final LongSupplier nanos;
    private final ScheduledExecutorService timer = Threads.scheduler("mecha-rabbitmq-timeouts");

    /** Has no other tasks, so that none that waits looks like a standstill. */
    private final ScheduledExecutorService looks = Threads.scheduler("mecha-rabbitmq-standstill");

    private final ExecutorService repairs = Threads.platform("mecha-rabbitmq-repairs");
    private final Slot sending;
    private final Slot receiving;

    /**
     * Prepare connections; does not connect.
     *
     * @param factory user, virtual host, TLS and timeouts; copied
     * @param addresses where the brokers are, tried in order; at least one
     * @param name what the broker shows of this client, for example the name of the application
     * @param timeout longest time to wait for an answer of the broker; positive
     */
    public RabbitServer(ConnectionFactory factory, List<Address> addresses, String name, Duration timeout) {
        this(factory, addresses, name, timeout, HOLD);
    }

    RabbitServer(ConnectionFactory factory, List<Address> addresses, String name, Duration timeout, Duration hold) {
        this(factory, addresses, name, timeout, hold, System::nanoTime);
    }

    RabbitServer(
            ConnectionFactory factory,
            List<Address> addresses,
            String name,
            Duration timeout,
            Duration hold,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.timeout = timeout;
        this.hold = hold;
        this.factory = factory.clone();
        this.factory.setChannelRpcTimeout((int) timeout.toMillis());
        // What was declared and is consumed is made again by the code that knows whether it still wants it.
        this.factory.setAutomaticRecoveryEnabled(false);
        this.addresses = List.copyOf(addresses);
        ConnectionFactory marked = this.factory.clone();
        ThreadFactory threads = marked.getThreadFactory();
        marked.setThreadFactory(task -> threads.newThread(() -> {
            READS.set(true);
            task.run();
        }));
        this.sending = new Slot(marked, name + " (sends)", false);
        this.receiving = new Slot(this.factory, name + " (receives)", true);
    }

    /** Tells whether this thread reads what the broker says to senders, so that it must not wait for it. */
    static boolean reads() {
        return READS.get();
    }

    /** Returns how long to wait for an answer of the broker. */
    Duration timeout() {
        return timeout;
    }

    /** Looks after something at least four times within the timeout. */
    Future<?> watch(Runnable look) {
        long period = Math.max(1, timeout.toMillis() / 4);
        return timer.scheduleWithFixedDelay(
                new GuardedTask("The check for missing confirms of RabbitMQ", look),
                period,
                period,
                TimeUnit.MILLISECONDS);
    }

    /** Does something soon, on another thread, after what was asked for before; nothing any more after the end. */
    void execute(Runnable task) {
        timer.execute(new GuardedTask("A task of RabbitMQ's client", task));
    }

    /** Returns how long a message that was put aside is kept from receivers. */
    Duration hold() {
        return hold;
    }

    /** Does something after a time; nothing any more after the end. */
    void after(Duration time, Runnable task) {
        try {
            var unused = timer.schedule(
                    new GuardedTask("A task of RabbitMQ's client", task), time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The connections to RabbitMQ are closed", e);
        }
    }

    /** Does something that waits for the broker, on a thread of its own; nothing any more after the end. */
    void repair(Runnable task) {
        try {
            repairs.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The connections to RabbitMQ are closed", e);
        }
    }

    /** Ends a connection whose broker does not answer. */
    void giveUp(Connection connection) {
        connection.abort(GIVE_UP_MILLIS);
    }

    /** Open a channel to send on. */
    Channel sendingChannel() throws IOException {
        return sending.channel();
    }

    /** Open a channel to receive on. */
    Channel receivingChannel() throws IOException {
        return receiving.channel();
    }

    /** Returns what tells whether the connection to receive on stood still for so long that the broker may have given it up. */
    StopGuard receivingGuard() {
        return receiving.guard;
    }

    @Override
    public void close() {
        sending.close();
        receiving.close();
        timer.shutdown();
        looks.shutdown();
        repairs.shutdown();
    }

    /** One connection, made again when it was lost. */
    private final class Slot {

        private final ConnectionFactory factory;
        private final String name;

        /** Whether others get what this connection holds when the broker gives it up. */
        private final boolean holds;

        private final ReentrantLock lock = new ReentrantLock();
        private volatile StopGuard guard = new StopGuard(nanos);
        private @Nullable Connection connection;
        private boolean closed;

        Slot(ConnectionFactory factory, String name, boolean holds) {
            this.factory = factory;
            this.name = name;
            this.holds = holds;
        }

        Channel channel() throws IOException {
            try {
                return required(connection().createChannel());
            } catch (AlreadyClosedException lost) {
                return required(connection().createChannel());
            }
        }

        private Channel required(@Nullable Channel channel) throws IOException {
            if (channel == null) {
                throw new IOException("The connection has no free AMQP channel");
            }
            return channel;
        }

        private Connection connection() throws IOException {
            lock.lock();
            try {
                if (closed) {
                    throw new IOException("The connection was closed by this application");
                }
                Connection present = connection;
                if (present == null || !present.isOpen()) {
                    present = factory.newConnection(addresses, name);
                    connection = present;
                    guard = guarded(present);
                }
                return present;
            } catch (TimeoutException e) {
                throw new IOException(e);
            } finally {
                lock.unlock();
            }
        }

        private StopGuard guarded(Connection present) {
            StopGuard fresh = new StopGuard(nanos);
            Duration heartbeat = Duration.ofSeconds(present.getHeartbeat());
            if (holds && !heartbeat.isZero()) {
                Duration limit = heartbeat.dividedBy(STANDSTILL);
                limit = limit.compareTo(SHORTEST) < 0 ? SHORTEST : limit;
                fresh.begin(limit, FOREVER);
                Future<?> look = looks.scheduleWithFixedDelay(
                        new GuardedTask("A task of RabbitMQ's client", () -> look(present, fresh)),
                        limit.toMillis() / STANDSTILL,
                        limit.toMillis() / STANDSTILL,
                        TimeUnit.MILLISECONDS);
                present.addShutdownListener(cause -> look.cancel(false));
            }
            return fresh;
        }

        /** Ends a connection that the broker may have given up, so that what it held is received anew. */
        private void look(Connection present, StopGuard guard) {
            if (!guard.lives() && present.isOpen()) {
                LOG.warn(
                        "Connection '{}' to RabbitMQ stood still for longer than a quarter of its heartbeat of {} s and is made anew:"
                                + " others may have its messages. Find the reason of the pause, such as garbage collection, or raise"
                                + " spring.rabbitmq.requested-heartbeat.",
                        name,
                        present.getHeartbeat());
                giveUp(present);
            }
        }

        void close() {
            lock.lock();
            try {
                closed = true;
                if (connection != null && connection.isOpen()) {
                    connection.close(CLOSE_MILLIS);
                }
            } catch (IOException | AlreadyClosedException e) {
                LOG.debug("A connection to RabbitMQ was lost before it was closed", e);
            } finally {
                lock.unlock();
            }
        }
    }
}
