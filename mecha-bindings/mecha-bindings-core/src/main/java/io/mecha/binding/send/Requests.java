// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.MechaException;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Receipt;
import io.mecha.binding.RequestTimeoutException;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.ReplyNames;
import io.mecha.binding.channel.Sending;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.event.MediaTypes;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.RequestReply;
import io.mecha.runtime.LentThread;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a channel that wait for replies, on the same connection where the backend can, or else over {@link
 * Replies}.
 */
final class Requests implements AutoCloseable {

    private final ChannelOptions channel;
    private final ChannelSending sending;
    private final EngineContext engine;
    private final @Nullable RequestReply connection;
    private final Replies replies;
    private final Map<Type, CodecPayload<?>> payloads = new ConcurrentHashMap<>();

    Requests(ChannelContext component, ChannelSending sending, EngineContext engine) {
        this.channel = component.options();
        this.sending = sending;
        this.engine = engine;
        this.connection = component.capabilities().find(RequestReply.class).orElse(null);
        this.replies = new Replies(component, engine);
    }

    <T> Object request(EventFactory<T> events, Event.Builder<T> event, Type reply, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw InvalidEventException.unusable(
                    channel.name(), "the timeout of a request is " + timeout, "Use a positive timeout.");
        }
        CodecPayload<?> payload = payloads.computeIfAbsent(reply, type -> new CodecPayload<>(type, engine.codecs()));
        return connection == null
                ? overChannel(events, event, payload, timeout)
                : overConnection(connection, events.message(event), payload, timeout);
    }

    private <T> Object overChannel(
            EventFactory<T> events, Event.Builder<T> event, CodecPayload<?> payload, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        replies.open(timeout, deadline);
        Replies.Waiting request = replies.expect();
        try {
            event.extension(ReplyNames.REPLY_TO, replies.name())
                    .extension(ReplyNames.CORRELATION, request.correlation());
            sending.await(transmit(events.message(event)));
            IncomingEvent reply = await(request.reply(), deadline - System.nanoTime(), timeout);
            return present(reply.read(payload, 0).payload().orElse(null));
        } finally {
            replies.forget(request);
        }
    }

    /** Sends a request; a handler on this thread could not be left when the timeout is over. */
    private CompletionStage<Receipt> transmit(Sending.Outgoing request) {
        boolean before = LentThread.keep();
        try {
            return sending.transmitDirectly(request);
        } finally {
            LentThread.release(before);
        }
    }

    private Object overConnection(
            RequestReply connection, Sending.Outgoing request, CodecPayload<?> payload, Duration timeout) {
        sending.prepare(request.message());
        Message reply = await(
                connection.request(request.id(), request.message(), timeout).toCompletableFuture(),
                timeout.toNanos(),
                timeout);
        boolean event = !reply.attributes().isEmpty() || MediaTypes.holdsEvents(reply.contentType());
        if (event) {
            IncomingEvent first =
                    sending.format().read(reply).stream().findFirst().orElse(null);
            return present(
                    first == null ? null : first.read(payload, 0).payload().orElse(null));
        }
        byte[] body = reply.body();
        if (body == null || (body.length == 0 && !CodecPayload.takesNothing(payload.raw(), reply.contentType()))) {
            return present(null);
        }
        try {
            return payload.codec(reply.contentType()).decode(body);
        } catch (MechaException failure) {
            throw InvalidEventException.payload(channel.name(), request.id(), failure);
        }
    }

    private Object present(@Nullable Object reply) {
        if (reply == null) {
            throw InvalidEventException.unreadable(channel.name(), "it is a reply and has no data");
        }
        return reply;
    }

    private <V> V await(CompletableFuture<V> reply, long nanos, Duration timeout) {
        try {
            return reply.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new RequestTimeoutException(channel.name(), timeout);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RequestTimeoutException(channel.name(), timeout);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof TimeoutException) {
                throw new RequestTimeoutException(channel.name(), timeout);
            }
            throw Failures.of(channel, failure);
        }
    }

    @Override
    public void close() {
        replies.close();
    }
}
