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

    /** Returns the id; never empty. */
    String id();

    /** Tells whether id and source are the same whenever the message is received; if not, the id was made up. */
    boolean identified();

    /** Returns the source; never empty. */
    String source();

    /** Returns the type; never empty. */
    String type();

    /** Returns the key, or {@code null}. */
    @Nullable String key();

    /** Returns an extension or attribute as text, or {@code null}. */
    @Nullable String text(String attribute);

    /** Returns the event as one message with its attributes, for the dead letter. */
    Message toMessage();

    /**
     * Reads the data.
     *
     * @param payload the codecs for the declared type of the handler
     * @param attempt for {@link Event#attempt()}
     * @throws io.mecha.binding.InvalidEventException if the data cannot be read as that type
     */
    <T> Event<T> read(PayloadType<T> payload, int attempt);

    /** The codecs of a type by the media type of the data, resolved once for each media type. */
    interface PayloadType<T> {

        /**
         * Returns the codec for what the event says it is.
         *
         * @param mediaType as in the event
         * @return the codec
         */
        Codec<Object> codec(@Nullable String mediaType);

        /**
         * Returns the declared class, for payloads that are passed on as they are.
         *
         * @return the class
         */
        Class<?> raw();
    }
}
