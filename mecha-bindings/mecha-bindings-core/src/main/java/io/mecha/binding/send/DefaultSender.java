// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.MechaException;
import io.mecha.binding.Event;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.codec.GenericType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sender of payloads of one type, with the settings that all of them share.
 *
 * @param <T> type of the payload
 */
final class DefaultSender<T> implements Sender<T> {

    private final ChannelSending channel;
    private final EventFactory<T> events;

    DefaultSender(ChannelSending channel, EventFactory<T> events) {
        this.channel = channel;
        this.events = events;
    }

    EventFactory<T> events() {
        return events;
    }

    @Override
    public String channel() {
        return channel.options().name();
    }

    @Override
    public Sender<T> with(SendOption... options) {
        return new DefaultSender<>(channel, events.with(options));
    }

    @Override
    public Receipt send(T payload) {
        return channel.await(transmit(events.begin(payload)));
    }

    @Override
    public Receipt send(Event<T> event) {
        return channel.await(transmit(events.adopt(event, null)));
    }

    @Override
    public CompletionStage<Receipt> sendAsync(T payload) {
        return guard(() -> transmit(events.begin(payload)));
    }

    @Override
    public CompletionStage<Receipt> sendAsync(Event<T> event) {
        return guard(() -> transmit(events.adopt(event, null)));
    }

    /** Sends the result of an event, which may hand on what came from outside. */
    CompletionStage<Receipt> sendAsync(Event<T> event, @Nullable IncomingEvent origin) {
        return guard(() -> transmit(events.adopt(event, origin)));
    }

    private CompletionStage<Receipt> guard(Supplier<CompletionStage<Receipt>> send) {
        try {
            return send.get();
        } catch (MechaException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private CompletionStage<Receipt> transmit(Event.Builder<T> event) {
        SendObservations observations = channel.observations();
        return observations == null
                ? channel.transmit(events.message(event))
                : observations.observe(List.of(event), () -> channel.transmit(events.message(event)));
    }

    @Override
    public List<Receipt> sendAll(Collection<? extends T> payloads) {
        if (payloads.isEmpty()) {
            return List.of();
        }
        List<Event.Builder<T>> begun = new ArrayList<>(payloads.size());
        payloads.forEach(payload -> begun.add(events.begin(payload)));
        SendObservations observations = channel.observations();
        CompletionStage<List<Receipt>> sent =
                observations == null ? transmitAll(begun) : observations.observe(begun, () -> transmitAll(begun));
        try {
            return sent.toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw Failures.of(channel.options(), failure);
        }
    }

    private CompletionStage<List<Receipt>> transmitAll(List<Event.Builder<T>> begun) {
        List<CompletionStage<Receipt>> stages = channel.transmitAll(events, begun);
        List<Receipt> receipts = new ArrayList<>(stages.size());
        MechaException first = null;
        for (CompletionStage<Receipt> stage : stages) {
            try {
                receipts.add(channel.await(stage));
            } catch (MechaException failure) {
                first = first == null ? failure : first;
            }
        }
        return first == null
                ? CompletableFuture.completedFuture(List.copyOf(receipts))
                : CompletableFuture.failedFuture(SendException.partly(channel(), receipts, stages.size(), first));
    }

    @Override
    @SuppressWarnings("unchecked") // read as this type
    public <R> R request(T payload, Class<R> reply, Duration timeout) {
        return (R) request(payload, (Type) Objects.requireNonNull(reply, "reply"), timeout);
    }

    @Override
    @SuppressWarnings("unchecked") // read as this type
    public <R> R request(T payload, GenericType<R> reply, Duration timeout) {
        return (R) request(payload, Objects.requireNonNull(reply, "reply").type(), timeout);
    }

    private Object request(T payload, Type reply, Duration timeout) {
        return channel.request(events, events.begin(payload), reply, timeout);
    }
}
