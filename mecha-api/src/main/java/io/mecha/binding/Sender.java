// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.codec.GenericType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A sender of events to a channel.
 *
 * <p>Thread-safe. The payload becomes the data of a CloudEvent whose attributes come from the channel's configuration, from
 * {@link #with(SendOption...)} or from an {@link Event} of your own.
 *
 * @param <T> type of the payload
 * @since 1.0
 */
public interface Sender<T> {

    /**
     * Return the name of the channel.
     *
     * @return name of the channel
     */
    String channel();

    /**
     * Return a sender that adds options to what it sends.
     *
     * @param options what to add; checked now
     * @return a new sender on the same channel; keep it if the options are always the same
     * @throws InvalidEventException if an option cannot be used
     */
    Sender<T> with(SendOption... options);

    /**
     * Send a payload and wait until the backend has it.
     *
     * @param payload what to send
     * @return the receipt
     * @throws SendException if the backend did not take it; tells whether it may have it nevertheless
     * @throws InvalidEventException if no event can be made of it; nothing was sent
     */
    Receipt send(T payload);

    /**
     * Send an event and wait until the backend has it.
     *
     * @param event what to send; attributes it does not have are filled in
     * @return the receipt
     * @throws SendException if the backend did not take it; tells whether it may have it nevertheless
     * @throws InvalidEventException if the event cannot be sent; nothing was sent
     */
    Receipt send(Event<T> event);

    /**
     * Send a payload without waiting for the backend; blocks only while the backend takes no more messages.
     *
     * @param payload what to send
     * @return completes with the receipt, or exceptionally with what {@link #send(Object)} throws
     */
    CompletionStage<Receipt> sendAsync(T payload);

    /**
     * Send an event without waiting for the backend; blocks only while the backend takes no more messages.
     *
     * @param event what to send
     * @return completes with the receipt, or exceptionally with what {@link #send(Event)} throws
     */
    CompletionStage<Receipt> sendAsync(Event<T> event);

    /**
     * Send several payloads in as few round trips as possible, and wait until the backend has them; not atomic.
     *
     * @param payloads what to send, in order
     * @return the receipts, in the same order
     * @throws SendException if the backend did not take all of them; tells which it took
     */
    List<Receipt> sendAll(Collection<? extends T> payloads);

    /**
     * Send a request and wait for the reply.
     *
     * @param <R> type of the reply
     * @param payload the request
     * @param reply class of the reply
     * @param timeout longest time to wait; a reply that comes later is dropped and counted
     * @return the reply
     * @throws RequestTimeoutException if none came in time; the request may have been handled
     * @throws SendException if the backend did not take the request
     */
    <R> R request(T payload, Class<R> reply, Duration timeout);

    /**
     * Send a request and wait for a reply of a generic type.
     *
     * @param <R> type of the reply
     * @param payload the request
     * @param reply type of the reply
     * @param timeout longest time to wait; a reply that comes later is dropped and counted
     * @return the reply
     * @throws RequestTimeoutException if none came in time; the request may have been handled
     * @throws SendException if the backend did not take the request
     */
    <R> R request(T payload, GenericType<R> reply, Duration timeout);
}
