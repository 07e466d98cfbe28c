// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.MechaException;
import io.mecha.Thrown;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Ordering;
import io.mecha.binding.RequestTimeoutException;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.ReplyNames;
import io.mecha.binding.channel.Sending;
import io.mecha.binding.event.EventFormat;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.binding.spi.Rejection;
import io.mecha.runtime.Ids;
import io.mecha.runtime.Repeated;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of replies to this node's requests on one channel, {@code <channel>.replies}, opened with the first request.
 *
 * <p>All nodes receive from it, each as a group of its own, which ends with the node. Correlation ids begin with something random, by
 * which a node knows its own. Backends differ in when such a group begins to receive; so the first request waits until the
 * node has heard its own voice: an event that it sends to the replies itself, again and again until it comes back.
 */
final class Replies implements Receiver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final String PROBE = "mecha.probe";
    private static final Duration PROBE_PAUSE = Duration.ofMillis(200);
    private static final int MAXIMUM_IN_FLIGHT = 256;

    private final ChannelContext channel;
    private final EngineContext engine;
    private final String name;
    private final Repeated strange = new Repeated();
    private final Ids correlations = new Ids();
    private final Map<String, CompletableFuture<IncomingEvent>> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Sending replies;
    private @Nullable MessageConsumer consumer;
    private boolean closed;

    Replies(ChannelContext channel, EngineContext engine) {
        this.channel = channel;
        this.engine = engine;
        this.name = channel.name() + ReplyNames.SUFFIX;
    }

    /** Returns the name of the channel for replies. */
    String name() {
        return name;
    }

    /**
     * Waits until replies are received.
     *
     * @param deadline when to give up, by {@link System#nanoTime()}
     * @throws RequestTimeoutException if that is not so in time; nothing was sent
     */
    void open(Duration timeout, long deadline) {
        if (heard.isDone()) {
            return;
        }
        Sending target = replies == null ? receive() : replies;
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new RequestTimeoutException(channel.name(), timeout); // would wait no longer between two probes
            }
            probe(target);
            long left = deadline - System.nanoTime();
            if (await(heard, Math.min(left, PROBE_PAUSE.toNanos()))) {
                return;
            }
            if (left <= PROBE_PAUSE.toNanos()) {
                throw new RequestTimeoutException(channel.name(), timeout);
            }
        }
    }

    private Sending receive() {
        opening.lock();
        try {
            Sending present = replies;
            if (present != null) {
                return present;
            }
            if (closed) {
                throw SendException.closed(channel.name());
            }
            ChannelContext component = engine.channels().channel(name, channel.options());
            Inbound inbound = component.capabilities().find(Inbound.class).orElse(null);
            boolean groups = component.capabilities().find(Groups.class).isPresent();
            Encoding encoding = component.options().encoding();
            if (inbound == null || !groups || encoding == Encoding.RAW) {
                throw InvalidEventException.unusable(
                        channel.name(),
                        "it is a request, and replies cannot come over channel '%s' of type '%s'"
                                .formatted(name, component.options().type()),
                        "Use a type that keeps messages for groups, or http, and an encoding other than raw.");
            }
            Sending created = component.sending();
            consumer = inbound.receive(
                    new ConsumerRequest(
                            "replies-" + engine.node(),
                            Ordering.NONE,
                            StartAt.LATEST,
                            MAXIMUM_IN_FLIGHT,
                            MAXIMUM_IN_FLIGHT,
                            true,
                            false),
                    this);
            replies = created;
            return created;
        } finally {
            opening.unlock();
        }
    }

    private void probe(Sending target) {
        try {
            Sending.Outgoing probe = target.outgoing(
                    Event.<String>builder()
                            .type(PROBE)
                            .data("")
                            .extension(ReplyNames.CORRELATION, correlations.prefix())
                            .build(),
                    Map.of(),
                    null);
            target.forward(probe.id(), probe.message()).exceptionally(failure -> {
                LOG.debug("Channel '{}' cannot be sent to yet", name, failure);
                return null;
            });
        } catch (MechaException failure) {
            LOG.debug("Channel '{}' cannot be sent to yet", name, failure);
        }
    }

    private static boolean await(CompletableFuture<?> future, long nanos) {
        try {
            future.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Begins to wait for a reply; its correlation id is new. */
    Waiting expect() {
        Waiting request = new Waiting(correlations.next(), new CompletableFuture<>());
        waiting.put(request.correlation(), request.reply());
        return request;
    }

    /** Waits no longer; a reply that comes now is late. */
    void forget(Waiting request) {
        waiting.remove(request.correlation());
    }

    @Override
    public void receive(List<? extends Delivery> deliveries) {
        EventFormat format =
                engine.channels().channel(name, channel.options()).sending().format();
        for (Delivery delivery : deliveries) {
            try {
                format.read(delivery.message()).forEach(this::received);
                delivery.acknowledge();
            } catch (MechaException unreadable) {
                long count = strange.add();
                if (count > 0) {
                    LOG.warn(
                            "Messages of channel '{}' are no replies, {}: {}",
                            name,
                            count,
                            Thrown.describe(unreadable));
                }
                channel.statistics().rejected().increment();
                delivery.reject(Rejection.UNREADABLE);
            }
        }
    }

    private void received(IncomingEvent event) {
        String correlation = event.text(ReplyNames.CORRELATION);
        if (correlation == null || !correlation.startsWith(correlations.prefix())) {
            return;
        }
        if (correlation.length() == correlations.prefix().length()) {
            heard.complete(null);
            return;
        }
        CompletableFuture<IncomingEvent> request = waiting.remove(correlation);
        if (request == null) {
            channel.statistics().lateReplies().increment();
        } else {
            request.complete(event);
        }
    }

    @Override
    public void close() {
        opening.lock();
        try {
            closed = true;
            if (consumer != null) {
                consumer.close();
            }
        } finally {
            opening.unlock();
        }
    }

    /** A request without a reply. */
    record Waiting(String correlation, CompletableFuture<IncomingEvent> reply) {}
}
