// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import io.mecha.binding.Receipt;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The way out to the destination of the channel: the capability to send.
 *
 * @since 1.0
 */
public interface Outbound {

    /**
     * Send one message.
     *
     * @param id id of the event, for the receipt
     * @param message the message
     * @return completes when the backend has the message safely; exceptionally with {@code SendException}, which is
     *     permanent if the message will not be taken as it is, for example because it is too large. May be complete already
     * @implSpec Messages with the same key that one thread sends keep their order. Work that belongs to the calling thread, such as
     *     joining its transaction, is done before this returns. Blocks only while the client's own buffer is full, and not
     *     for ever.
     */
    CompletionStage<Receipt> send(String id, Message message);

    /**
     * Send several messages in as few round trips as possible; not atomic.
     *
     * @param ids ids of the events, for the receipts
     * @param messages the messages, as many as ids
     * @return for each message, in order, what {@link #send} returns
     */
    List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages);

    /**
     * Return how large the body of a message may be.
     *
     * @return the most bytes; does not need the server
     */
    int maximumBodySize();
}
