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
     * Makes a message of a complete event.
     *
     * @param codec writes the data; encodes when the backend asks for the bytes
     */
    Message write(Event<?> event, Codec<Object> codec, @Nullable Duration delay, @Nullable Duration timeToLive);

    /**
     * Makes one message of several complete events, {@code application/cloudevents-batch+json}.
     *
     * @param codec writes the data of each
     */
    Message writeBatch(List<? extends Event<?>> events, Codec<Object> codec);

    /**
     * Recognises the encoding of a message (binary, structured, batch, or none) and reads everything but the data.
     *
     * @return the events; more than one, or none, only for a batch
     * @throws io.mecha.binding.InvalidEventException if the message is no event; one without any attributes is one where the encoding
     *     of the channel is raw
     */
    List<IncomingEvent> read(Message message);

    /** Reads a delivery, as {@link #read(Message)}; what is no event is known by what the backend says of the delivery. */
    List<IncomingEvent> read(Delivery delivery);

    /** Makes an event of a message that is none, with its body as data and the notes of a dead letter as extensions. */
    IncomingEvent wrap(Delivery delivery);

    /** Reads the first event of a delivery, as {@link #read(Delivery)}; the usual way, since nearly all messages hold one. */
    IncomingEvent readFirst(Delivery delivery);
}
