// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.Thrown;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.StartAt;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.Pauses;
import io.mecha.binding.channel.TakenBack;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.Repeated;
import io.mecha.runtime.Timers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay from the outbox of a channel to its backend; an event stays in the outbox until the backend has it.
 *
 * <p>Each event stays in the outbox, leased to this node, until the backend has confirmed it, or, where the backend forgets when the JVM
 * ends, until it was handled. A crash in between sends it again with the same id. Of the events of one key only the first is on
 * its way; a failure holds up its key and no other, and is tried again for ever. What is refused for good is put aside and holds up
 * nothing.
 */
final class OutboxRelay implements Receiver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    /** The group that takes what an outbox keeps. */
    static final String GROUP = "relay";

    private static final int MAXIMUM_IN_FLIGHT = 1024;
    private static final int MAXIMUM_BATCH = 256;

    private final ChannelOptions channel;
    private final ChannelStatistics statistics;
    private final InstantSource clock;
    private final Timers timers;
    private final Executor workers;
    private final Inbound inbound;
    private final Outbound target;
    private final @Nullable HandledConfirmation handled;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<Delivery>> lanes = new HashMap<>();
    private final Repeated unsent = new Repeated();
    private final Repeated refused = new Repeated();
    private final TakenBack takenBack;
    private @Nullable MessageConsumer consumer;
    private volatile boolean closed;

    OutboxRelay(ChannelContext channel, EngineContext engine, Inbound inbound, Outbound target) {
        this.channel = channel.options();
        this.statistics = channel.statistics();
        this.clock = engine.clock();
        this.timers = engine.timers();
        this.workers = engine.background();
        this.takenBack = new TakenBack(timers, statistics.parked());
        this.inbound = inbound;
        this.target = target;
        BindingBackend backend = channel.backend();
        this.handled = backend.capabilities().find(HandledConfirmation.class).orElse(null);
    }

    void start() {
        consumer = inbound.receive(
                new ConsumerRequest(
                        GROUP, Ordering.KEY, StartAt.EARLIEST, MAXIMUM_IN_FLIGHT, MAXIMUM_BATCH, false, false),
                this);
    }

    @Override
    public void receive(List<? extends Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            String key = delivery.message().key();
            if (key == null || enter(key, delivery)) {
                work(() -> relay(delivery, 1, false));
            }
        }
    }

    /** Puts a delivery into the lane of its key; returns whether it is the first. */
    private boolean enter(String key, Delivery delivery) {
        lock.lock();
        try {
            Deque<Delivery> lane = lanes.computeIfAbsent(key, unknown -> new ArrayDeque<>(2));
            lane.add(delivery);
            return lane.size() == 1;
        } finally {
            lock.unlock();
        }
    }

    private void leave(@Nullable String key) {
        Delivery next = key == null ? null : follower(key);
        if (next != null) {
            work(() -> relay(next, 1, false));
        }
    }

    /** Takes the first out of a lane; returns the one that is first now, or {@code null}. */
    private @Nullable Delivery follower(String key) {
        lock.lock();
        try {
            Deque<Delivery> lane = lanes.get(key);
            if (lane == null) {
                return null;
            }
            lane.poll();
            Delivery next = lane.peek();
            if (next == null) {
                lanes.remove(key);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives back an event that is not ours any more, and what waits behind it: that will come again after it. Each is given back
     * before it leaves its lane, so that nothing newer of the key can be first meanwhile.
     */
    private void lose(Delivery lost) {
        String key = lost.message().key();
        Delivery next = lost;
        while (next != null) {
            next.release();
            next = key == null ? null : follower(key);
        }
    }

    private void work(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("The outbox of channel '{}' stops", channel.name());
        }
    }

    private void relay(Delivery delivery, int attempt, boolean parked) {
        if (closed) {
            return;
        }
        Message message = delivery.message();
        if (!delivery.current()) {
            if (parked) {
                delivery.release();
                statistics.parked().decrement();
            } else {
                lose(delivery);
            }
            return;
        }
        Duration timeToLive = remaining(message);
        if (timeToLive != null && (timeToLive.isNegative() || timeToLive.isZero())) {
            statistics.expired().increment();
            finish(delivery, parked);
            return;
        }
        send(new StoredMessage(message, timeToLive)).whenComplete((sent, failure) -> {
            if (failure == null) {
                statistics.relayed().increment();
                finish(delivery, parked);
            } else if (Failures.isPermanent(failure)) {
                park(delivery, parked, failure);
            } else {
                failed(delivery, attempt, parked, failure);
            }
        });
    }

    private void finish(Delivery delivery, boolean parked) {
        delivery.acknowledge();
        if (parked) {
            statistics.parked().decrement();
        } else {
            leave(delivery.message().key());
        }
    }

    /** Puts an event aside that is refused for good: the outbox keeps it, and its key goes on without it. */
    private void park(Delivery delivery, boolean parked, Throwable failure) {
        if (closed) {
            return;
        }
        long count = refused.add();
        if (count > 0) {
            LOG.warn(
                    "Events in the outbox of channel '{}' were refused for good, {} times; they are put aside, stay in the outbox, and are"
                            + " tried again every ten minutes: {}",
                    channel.name(),
                    count,
                    Thrown.describe(Failures.of(channel, failure)));
        }
        if (!parked) {
            delivery.park();
            leave(delivery.message().key());
            if (!delivery.current()) {
                takenBack.add();
                return;
            }
            statistics.parked().increment();
        }
        timers.after(Pauses.parked(), () -> work(() -> relay(delivery, 1, true)));
    }

    private CompletionStage<?> send(Message message) {
        try {
            if (handled != null) {
                return handled.sendAndAwait(message);
            }
            String id = message.attributes().get("id");
            CompletionStage<Receipt> sent = target.send(id == null ? "" : id, message);
            return sent;
        } catch (Throwable failure) { // allow CatchException: handled as a failed stage
            return CompletableFuture.failedFuture(failure);
        }
    }

    private void failed(Delivery delivery, int attempt, boolean parked, Throwable failure) {
        if (closed) {
            return;
        }
        statistics.relayFailures().increment();
        Duration wait = Pauses.after(attempt);
        long count = unsent.add();
        if (count > 0) {
            LOG.warn(
                    "The outbox of channel '{}' could not send events, {} times; they are kept and tried again: {}",
                    channel.name(),
                    count,
                    Thrown.describe(Failures.of(channel, failure)));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("An event of the outbox was not sent, attempt {}", attempt, Thrown.loggable(failure));
        }
        timers.after(wait, () -> work(() -> relay(delivery, attempt + 1, parked)));
    }

    private @Nullable Duration remaining(Message message) {
        String expiry = message.attributes().get(EventFactory.EXPIRY);
        if (expiry == null) {
            return null;
        }
        try {
            return Duration.between(clock.instant(), AttributeText.time(expiry));
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    /** What is on its way goes back to the outbox. */
    @Override
    public void close() {
        closed = true;
        MessageConsumer open = consumer;
        if (open != null) {
            open.close();
        }
    }
}
