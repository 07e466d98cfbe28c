// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.binding.Event;
import io.mecha.binding.Receipt;
import io.mecha.binding.Sender;
import io.mecha.binding.event.EventFormat;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Message;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The sending half of one channel: senders, the event format, the outbox and delays. */
public interface Sending extends AutoCloseable {

    /**
     * Return how events of this channel are written and read.
     *
     * @return the format
     */
    EventFormat format();

    /**
     * Return the sender of payloads of a type.
     *
     * @param payload type of the payload
     * @return the same instance for the same type
     * @throws io.mecha.InvalidConfigurationException if nothing can be sent to the channel
     */
    Sender<?> sender(Type payload);

    /**
     * Send a message as it is, without outbox; for dead letters and redrive.
     *
     * @param id id of the event, for the receipt
     * @param message what the backend gets
     * @return completes when the backend has it, or exceptionally; does not throw
     */
    CompletionStage<Receipt> forward(String id, Message message);

    /**
     * Send an event as a sender for the class of its payload does.
     *
     * @param event the event; what it does not set is filled in
     * @param origin the event of which this is the result, from which it may hand on what an application could not send; {@code null} if
     *     it is none
     * @return completes when the backend has it
     * @throws io.mecha.MechaException if it cannot be sent
     */
    CompletionStage<Receipt> send(Event<?> event, @Nullable IncomingEvent origin);

    /**
     * Make what a sender would send.
     *
     * @param result a payload or an {@link Event}
     * @param attributes attributes that are set unless the result is an event that has them, by name
     * @param origin the event of which this is the result, from which it may hand on what an application could not send; {@code null} if
     *     it is none
     * @return the encoded event
     * @throws io.mecha.binding.InvalidEventException if no event can be made of it
     */
    Outgoing outgoing(Object result, Map<String, String> attributes, @Nullable IncomingEvent origin);

    /**
     * Count what is kept in the outbox and not yet with the backend.
     *
     * @return zero or more, a second old at most; empty if there is no outbox, or it cannot be asked now
     */
    OptionalLong backlog();

    /** Begin what needs a running engine, such as the relay of an outbox. */
    void start();

    /** Stop the background work; sends fail from now on. The backend is closed later. */
    @Override
    void close();

    /** A factory of the sending half of a channel. */
    @FunctionalInterface
    interface Factory {

        /**
         * Make the sending half of a channel; called while the channel is built, so its halves are not there yet.
         *
         * @param channel the channel that it sends to
         * @param engine what the channels of the engine share
         * @return a half that is not started
         */
        Sending create(ChannelContext channel, EngineContext engine);
    }

    /**
     * A message that is ready to be sent.
     *
     * @param id id of the event
     * @param message what the backend gets
     */
    record Outgoing(String id, Message message) {}
}
