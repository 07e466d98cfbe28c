// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.binding.Event;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import io.mecha.binding.spi.Message;
import io.mecha.codec.GenericType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * The events that the application has sent since the test method began: by senders, as results of handlers, and as dead letters.
 *
 * <p>A bean of tests with {@link MechaTest} or {@link AutoConfigureTestMecha}. An event is here once its channel has it: what is sent in
 * a transaction of a channel that joins it, after the commit; what goes through an outbox in a database, when it leaves it. What
 * other threads send is awaited, for example with Awaitility.
 *
 * @since 1.0
 */
public final class SentEvents {

    private final Supplier<BindingEngine> engine;
    private final Map<String, Queue<Message>> messages = new ConcurrentHashMap<>();

    SentEvents(Supplier<BindingEngine> engine) {
        this.engine = engine;
    }

    void record(String channel, Message message) {
        messages.computeIfAbsent(channel, first -> new ConcurrentLinkedQueue<>())
                .add(message);
    }

    /**
     * Return what was sent to a channel.
     *
     * @param <T> type of the payload
     * @param channel name of the channel; of the dead letters of {@code orders} it is {@code orders.dead}
     * @param payload class of the payload
     * @return the events in the order in which they were sent; a copy
     * @throws io.mecha.binding.InvalidEventException if one cannot be read as that type
     */
    public <T> List<Event<T>> to(String channel, Class<T> payload) {
        return read(channel, payload);
    }

    /**
     * Return what was sent to a channel.
     *
     * @param <T> type of the payload
     * @param channel name of the channel; of the dead letters of {@code orders} it is {@code orders.dead}
     * @param payload type of the payload
     * @return the events in the order in which they were sent; a copy
     * @throws io.mecha.binding.InvalidEventException if one cannot be read as that type
     */
    public <T> List<Event<T>> to(String channel, GenericType<T> payload) {
        return read(channel, payload.type());
    }

    private <T> List<Event<T>> read(String channel, Type payload) {
        ChannelView view = engine.get().channels().stream()
                .filter(candidate -> candidate.name().equals(channel))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("The application has no channel '%s'; it has %s."
                        .formatted(channel, engine.get().names())));
        List<Event<T>> events = new ArrayList<>();
        messages.getOrDefault(channel, new ConcurrentLinkedQueue<>())
                .forEach(message -> events.addAll(view.read(message, payload)));
        return List.copyOf(events);
    }

    /** Forget what was sent so far. */
    public void clear() {
        messages.clear();
    }
}
