// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.Capabilities;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One channel's way to the broker in this JVM. */
final class MemoryBindingBackend implements BindingBackend {

    private static final String TYPE = MemoryBindingBackendFactory.TYPE;
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final String channel;
    private final Destination destination;
    private final MemoryBroker broker;
    private final MemoryBindingOptions options;
    private final Capabilities capabilities;
    private volatile boolean closed;

    MemoryBindingBackend(String channel, Destination destination, MemoryBroker broker, MemoryBindingOptions options) {
        this.channel = channel;
        this.destination = destination;
        this.broker = broker;
        this.options = options;
        KeyOrder keyOrder = () -> Integer.MAX_VALUE;
        Delay delay = () -> LONGEST;
        Expiry expiry = () -> LONGEST;
        AttemptMemory attempts = MemoryBindingBackend::failed;
        HandledConfirmation confirmation = this::sendAndAwait;
        MessageIdentity identity = (delivery) -> ((MemoryDelivery) delivery).queued.identity();
        this.capabilities = Capabilities.none()
                .with(Outbound.class, new Sending())
                .with(Inbound.class, new Receiving())
                .with(Groups.class, new Grouping())
                .with(KeyOrder.class, keyOrder)
                .with(Delay.class, delay)
                .with(Expiry.class, expiry)
                .with(AttemptMemory.class, attempts)
                .with(Forwarding.class, new Passing())
                .with(HandledConfirmation.class, confirmation)
                .with(MessageIdentity.class, identity);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public void ping() {
        requireOpen("a ping");
    }

    @Override
    public void close() {
        closed = true;
    }

    private boolean closed() {
        return closed || broker.closed();
    }

    private void requireOpen(String what) {
        if (closed()) {
            throw new BindingBackendException(channel, TYPE, what + " after it was closed", null);
        }
    }

    private MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
        requireOpen("receiving");
        while (true) {
            Group group =
                    destination.group(request.group(), request.startAt() == StartAt.EARLIEST, request.ephemeral());
            MemoryConsumer consumer = new MemoryConsumer(destination, group, request, receiver);
            if (group.join(consumer)) {
                return consumer;
            }
        }
    }

    private static void failed(Delivery delivery, int attempts) {
        if (delivery instanceof MemoryDelivery ours && ours.current()) {
            ours.queued.attempts = attempts;
        }
    }

    private CompletionStage<Void> sendAndAwait(Message message) {
        if (closed()) {
            return CompletableFuture.failedFuture(SendException.closed(channel));
        }
        try {
            Confirmation confirmation = new Confirmation();
            var unused = publish(message, confirmation);
            return confirmation.handled();
        } catch (SendException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** Returns what completes when there is room, or {@code null} if there is. */
    private @Nullable CompletableFuture<Void> publish(Message message, @Nullable Confirmation confirmation) {
        Duration delay = message.delay();
        if (delay == null) {
            return destination.publish(message, confirmation, options);
        }
        if (!destination.delay(options.limit())) {
            throw SendException.refused(
                    channel, TYPE, "%d delayed messages wait already".formatted(options.limit()), null);
        }
        broker.due()
                .at(broker.time().now().plus(delay), () -> destination.publishDelayed(message, confirmation, options));
        return null;
    }

    private final class Receiving implements Inbound {

        @Override
        public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
            return MemoryBindingBackend.this.receive(request, receiver);
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // one instance for each name of the broker
        public boolean receivesFrom(BindingBackend other) {
            return other instanceof MemoryBindingBackend target && target.destination == destination;
        }
    }

    private final class Sending implements Outbound {

        @Override
        public CompletionStage<Receipt> send(String id, Message message) {
            if (closed()) {
                return CompletableFuture.failedFuture(SendException.closed(channel));
            }
            try {
                CompletableFuture<Void> room = publish(message, null);
                Receipt receipt = new Receipt(id, null);
                return room == null ? CompletableFuture.completedFuture(receipt) : room.thenApply((nothing) -> receipt);
            } catch (SendException failure) {
                return CompletableFuture.failedFuture(failure);
            }
        }

        @Override
        public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
            List<CompletionStage<Receipt>> stages = new ArrayList<>(ids.size());
            for (int i = 0; i < ids.size(); i++) {
                stages.add(send(ids.get(i), messages.get(i)));
            }
            return stages;
        }

        @Override
        public int maximumBodySize() {
            return Integer.MAX_VALUE;
        }
    }

    private final class Grouping implements Groups {

        @Override
        public void declare(String group, Ordering ordering) {
            requireOpen("declaring group '%s'".formatted(group));
            Group declared = destination.group(group, true, false);
            if (ordering == Ordering.KEY) {
                declared.keepOrderOfKeys();
            }
        }

        @Override
        public OptionalLong lag(String group) {
            return destination.lag(group);
        }
    }

    private final class Passing implements Forwarding {

        @Override
        public boolean reaches(BindingBackend target) {
            return target instanceof MemoryBindingBackend other && other.broker == broker;
        }

        @Override
        public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
            MemoryDelivery ours = (MemoryDelivery) delivery;
            MemoryBindingBackend other = (MemoryBindingBackend) target;
            if (other.closed()) {
                throw SendException.closed(other.channel);
            }
            if (!ours.finish()) {
                throw SendException.refused(
                        channel, TYPE, "the message that it results from is not held by this node any more", null);
            }
            for (Message message : messages) {
                var unused = other.publish(message, null);
            }
            ours.consumer.group().done(ours);
        }
    }
}
