// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.Event;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of the events of one channel as messages, in the encoding of the channel. */
public interface EventFormat {

    /**
     * Make a message of a complete event.
     *
     * @param event event with id, source and type
     * @param codec codec of the data; encodes when the backend asks for the bytes
     * @param delay time until the message is to be delivered; positive, or {@code null} for now
     * @param timeToLive time until the message expires, counted from the end of the delay; positive, or {@code null} for never
     * @return the message, in the encoding of the channel
     */
    Message write(Event<?> event, Codec<Object> codec, @Nullable Duration delay, @Nullable Duration timeToLive);

    /**
     * Make one message of several complete events, {@code application/cloudevents-batch+json}.
     *
     * @param events events in the order of the batch; at least one
     * @param codec codec of the data of each event; encodes at once
     * @return the message; with a key only if all events have the same
     */
    Message writeBatch(List<? extends Event<?>> events, Codec<Object> codec);

    /**
     * Recognise the encoding of a message (binary, structured, batch, or none) and read everything but the data.
     *
     * @param message message as received, or as sent within this JVM
     * @return events in the order of the batch; more than one, or none, only for a batch
     * @throws io.mecha.binding.InvalidEventException if the message is no event; a message without any attributes is an event only
     *     where the encoding of the channel is raw
     */
    List<IncomingEvent> read(Message message);

    /**
     * Read the events of a delivery, as {@link #read(Message)} does those of a message.
     *
     * <p>A message without attributes takes its id from the identity that the backend gives the delivery, if it gives one.
     *
     * @param delivery delivery of the backend of the channel
     * @return events in the order of the batch; more than one, or none, only for a batch
     * @throws io.mecha.binding.InvalidEventException if the message is no event
     */
    List<IncomingEvent> read(Delivery delivery);

    /**
     * Make an event of a message that is none, with its body as data and the notes of a dead letter as extensions.
     *
     * @param delivery delivery of the backend of the channel; its message need not be an event
     * @return event of the type for raw messages; identified only if the backend gives the delivery an identity
     */
    IncomingEvent wrap(Delivery delivery);

    /**
     * Read the first event of a delivery, as {@link #read(Delivery)} does; the usual way, since nearly all messages hold one.
     *
     * @param delivery delivery of the backend of the channel; not of a batch without events
     * @return the only event, or the first of a batch
     * @throws io.mecha.binding.InvalidEventException if the message is no event
     */
    IncomingEvent readFirst(Delivery delivery);
}
