// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.deadletter;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.Thrown;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.RedriveRequest;
import io.mecha.binding.RedriveResult;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.event.DeadLetterNotes;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Retention;
import io.mecha.runtime.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that sends dead letters of one group back to the channel they came from, marked so that only this group handles
 * them.
 *
 * <p>Each is acknowledged after it was sent, so that a crash between the two leads to a second copy and not to a loss. Given back
 * are messages that no key verifies, dead letters of other channels, where several share one, and what this redrive has sent back and
 * failed again meanwhile. Where nothing else fits into what may be held at once, it begins again and holds more.
 */
public final class Redrive {

    private static final Logger LOG = LoggerFactory.getLogger(Redrive.class);
    private static final int IN_FLIGHT = 256;
    private static final int MOST_IN_FLIGHT = 65_535; // what AMQP can ask for
    private static final long LOOK_MILLIS = 100;
    private static final int IDLE_LOOKS = 100; // 10 s, where the backend cannot count

    private final ChannelContext origin;
    private final ChannelContext dead;
    private final Inbound inbound;
    private final RedriveRequest request;
    private final String group;
    private final String run = Ids.random();
    private final List<Delivery> left = new ArrayList<>();
    private final Marks marks;
    private int unverified;

    private Redrive(ChannelContext origin, ChannelContext dead, Inbound inbound, RedriveRequest request, Marks marks) {
        this.origin = origin;
        this.dead = dead;
        this.inbound = inbound;
        this.request = request;
        this.group = request.group();
        this.marks = marks;
    }

    /**
     * Prepare a redrive.
     *
     * @param origin where the events come from, and go again
     * @param engine what all channels share
     * @param request which dead letters, and how many
     * @param name the channel with the dead letters; {@code null} if there is none
     * @return a run, which has not begun
     * @throws InvalidConfigurationException if the dead letters cannot be read or not be sent back
     */
    public static Redrive of(
            ChannelContext origin, EngineContext engine, RedriveRequest request, @Nullable String name) {
        if (name == null) {
            throw missing(origin, "in.dead-letter", "Channel '%s' has no dead letter.".formatted(origin.name()));
        }
        if (origin.capabilities().find(Outbound.class).isEmpty()) {
            throw missing(
                    origin,
                    "type",
                    "Dead letters cannot be sent back to channel '%s', which only receives.".formatted(origin.name()));
        }
        ChannelContext dead = engine.channels().channel(name, origin.options());
        Optional<Inbound> inbound = dead.capabilities().find(Inbound.class);
        if (inbound.isEmpty()) {
            throw missing(
                    origin,
                    "in.dead-letter",
                    "The dead letter '%s' of channel '%s' cannot be read.".formatted(name, origin.name()));
        }
        return new Redrive(origin, dead, inbound.get(), request, engine.marks());
    }

    private static InvalidConfigurationException missing(ChannelContext origin, String property, String problem) {
        return new InvalidConfigurationException(List.of(new Mistake(
                "MECHA-B178",
                PropertyNames.channel(origin.name(), property),
                problem,
                "Name a channel that keeps messages and can be received from.")));
    }

    /**
     * Send dead letters back until none is left, or as many as were asked for.
     *
     * @return how many were sent back, and how many have no mark that a known key verifies
     */
    public RedriveResult run() {
        int limit = request.limit();
        int window = IN_FLIGHT;
        int sent = pass(window, limit);
        while (left.size() == window
                && window < MOST_IN_FLIGHT
                && !Thread.currentThread().isInterrupted()) {
            left.clear();
            unverified = 0;
            window = Math.min(MOST_IN_FLIGHT, window * 4);
            sent += pass(window, limit - sent);
        }
        if (left.size() == MOST_IN_FLIGHT) {
            LOG.warn(
                    "The first {} dead letters of channel '{}' are of other channels than '{}', or failed again; those behind them were"
                            + " not read. Redrive the others first, or set {} to a channel of its own.",
                    left.size(),
                    dead.name(),
                    origin.name(),
                    PropertyNames.channel(origin.name(), "in.dead-letter"));
        }
        warn(sent);
        LOG.info("Dead letters of group '{}' that were sent back to channel '{}': {}", group, origin.name(), sent);
        return new RedriveResult(sent, unverified);
    }

    /** Sends back what is found among so many at once; what is left lies there again afterwards. */
    private int pass(int window, int limit) {
        BlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();
        ConsumerRequest request = ConsumerRequest.of(group, window);
        int sent = 0;
        try (MessageConsumer consumer = inbound.receive(request, arrived::addAll)) {
            int idle = 0;
            while (sent < limit && idle < IDLE_LOOKS && left.size() < window) {
                Delivery delivery = arrived.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (delivery != null) {
                    idle = 0;
                    sent += sendBack(delivery) ? 1 : 0;
                } else if (nothingLeft()) {
                    break;
                } else {
                    idle++;
                }
            }
            consumer.pause();
            arrived.forEach(Delivery::release);
            left.forEach(Delivery::release);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return sent;
    }

    private void warn(int sent) {
        if (unverified > 0) {
            LOG.warn(
                    "Messages of channel '{}' that were not sent back, because they have no mark of a dead letter, or one that {}: {}."
                            + " Redrive with unsigned: true if only those you trust may send to that channel",
                    dead.name(),
                    marks.configured()
                            ? "neither mecha.bindings.signing-key nor one of mecha.bindings.previous-signing-keys verifies"
                            : "another node has signed, or this one before it lost its key: set mecha.bindings.signing-key",
                    unverified);
        }
        boolean shared = origin.capabilities().find(HandledConfirmation.class).isEmpty();
        if (sent > 0 && shared && !marks.configured()) {
            LOG.warn(
                    "Events sent back to channel '{}' have a mark for group '{}' that only this node can verify: other groups on other"
                            + " nodes receive them again. Set mecha.bindings.signing-key to the same secret on all nodes",
                    origin.name(),
                    group);
        }
    }

    /** Tells whether the backend says that nothing is left; one that does not answer now says nothing, and what was sent back counts. */
    private boolean nothingLeft() {
        try {
            Optional<Groups> groups = dead.capabilities().find(Groups.class);
            OptionalLong lag = groups.isPresent() ? groups.get().lag(group) : OptionalLong.empty();
            return lag.isPresent() && lag.getAsLong() <= left.size();
        } catch (BindingBackendException away) {
            LOG.debug("The dead letters of channel '{}' could not be counted", dead.name(), away);
            return false;
        }
    }

    private boolean sendBack(Delivery delivery) {
        Message message = delivery.message();
        Marks.Mark mark = marks.of(message);
        if (mark == null || !isTrusted(mark)) {
            unverified++;
            left.add(delivery);
            return false;
        }
        if (!group.equals(mark.group())) {
            delivery.acknowledge(); // the group that failed has a copy of its own
            return false;
        }
        if (!origin.name().equals(mark.place()) || run.equals(mark.run())) {
            left.add(delivery);
            return false;
        }
        Message whole = whole(message, mark.position());
        if (whole == null || !forwarded(whole, delivery)) {
            left.add(delivery);
            return false;
        }
        delivery.acknowledge();
        return true;
    }

    /** Sends a message back; {@code false} if its channel does not take it as it is. */
    private boolean forwarded(Message whole, Delivery delivery) {
        String id = whole.attributes().getOrDefault("id", "");
        try {
            origin.sending().forward(id, restored(whole)).toCompletableFuture().join();
            return true;
        } catch (CompletionException failure) {
            if (Failures.isPermanent(failure)) {
                LOG.warn(
                        "A dead letter of channel '{}' stays in '{}', because it cannot be sent back: {}",
                        origin.name(),
                        dead.name(),
                        Thrown.describe(Thrown.unwrap(failure)));
                return false;
            }
            delivery.release();
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    private boolean isTrusted(Marks.Mark mark) {
        return mark.kind() == Marks.Kind.DEAD && (mark.verified() || request.unsigned());
    }

    /** Returns the message with its data, which lies elsewhere if it was too large for a dead letter; {@code null} if it is gone. */
    private @Nullable Message whole(Message letter, String position) {
        if (position.isEmpty()) {
            return letter;
        }
        Message found = origin.capabilities()
                .find(Retention.class)
                .flatMap(retention -> retention.read(position))
                .orElse(null);
        if (found == null) {
            LOG.warn(
                    "The record of a dead letter of channel '{}' is not at position {} any more; the dead letter stays in '{}'",
                    origin.name(),
                    position,
                    dead.name());
        }
        return found;
    }

    private Message restored(Message message) {
        return marks.marked(
                message,
                DeadLetterNotes.without(message.attributes()),
                DeadLetterNotes.without(message.headers()),
                Marks.Kind.ONLY,
                origin.options().destination(),
                group,
                run);
    }
}
