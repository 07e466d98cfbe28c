// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.Event;
import io.mecha.binding.filter.Filterable;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codec;
import org.jspecify.annotations.Nullable;

/** An event that was received and whose data has not been read yet. */
public interface IncomingEvent extends Filterable {

    /**
     * Return the id.
     *
     * @return the attribute {@code id}; never empty
     */
    String id();

    /**
     * Tell whether id and source are the same whenever the message is received.
     *
     * @return {@code false} if the message has no identity, so that the id was generated at receipt
     */
    boolean identified();

    /**
     * Return the source.
     *
     * @return the attribute {@code source}; never empty
     */
    String source();

    /**
     * Return the type.
     *
     * @return the attribute {@code type}; never empty
     */
    String type();

    /**
     * Return the key.
     *
     * @return the attribute {@code partitionkey}, or else the key of the message; {@code null} if there is neither
     */
    @Nullable String key();

    /**
     * Return an attribute as text, an extension included.
     *
     * @param attribute name in lower case
     * @return its canonical text, see {@link AttributeText#of}; {@code null} if the event does not have it
     */
    @Nullable String text(String attribute);

    /**
     * Make one message of the event, for the dead letter.
     *
     * @return a message with the attributes of this event beside its data, also if it came in a batch
     */
    Message toMessage();

    /**
     * Read the data.
     *
     * @param <T> declared type of the handler
     * @param payload codecs for that type
     * @param attempt number of the delivery, for {@link Event#attempt()}; 1 at the first
     * @return the complete event; without a payload if the message has no data
     * @throws io.mecha.binding.InvalidEventException if the data cannot be read as that type
     */
    <T> Event<T> read(PayloadType<T> payload, int attempt);

    /**
     * The codecs of a type by the media type of the data, resolved once for each media type.
     *
     * @param <T> declared type of the payload
     */
    interface PayloadType<T> {

        /**
         * Return the codec for a media type.
         *
         * @param mediaType media type of the data as the event has it, with parameters; {@code null} stands for JSON
         * @return codec of the declared type
         */
        Codec<Object> codec(@Nullable String mediaType);

        /**
         * Return the declared class, for payloads that are passed on as they are.
         *
         * @return the declared type; {@code Object} if that is generic, so that its payloads go through the codec
         */
        Class<?> raw();
    }
}
