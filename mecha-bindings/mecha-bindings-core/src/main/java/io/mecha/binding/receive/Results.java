// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.Thrown;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.Receipt;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelDirectory;
import io.mecha.binding.channel.ReplyNames;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.ReplyingDelivery;
import io.mecha.runtime.Repeated;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a handler's result: to the channel of the pipe, or else to the sender of the request.
 *
 * <p>Results are sent before the event is acknowledged, with ids that follow from the event's, so that an inbox behind the pipe
 * recognises those that are sent again. Where the backend can acknowledge and send in one step, that is done instead.
 */
final class Results {

    private static final Logger LOG = LoggerFactory.getLogger(Results.class);
    private static final int MAXIMUM_NAME = 255;

    private final ChannelContext channel;
    private final ChannelDirectory channels;
    private final String group;
    private final Repeated dropped = new Repeated();
    private final @Nullable ChannelContext pipe;
    private final @Nullable Forwarding forwarding;

    Results(ChannelContext channel, ChannelDirectory channels, SubscriptionSettings settings) {
        this.channel = channel;
        this.channels = channels;
        this.group = settings.group();
        this.pipe = settings.sendTo() == null ? null : channels.channel(settings.sendTo(), null);
        this.forwarding = settings.inbox() != null ? null : forwarding(channel, pipe);
    }

    private static @Nullable Forwarding forwarding(ChannelContext channel, @Nullable ChannelContext pipe) {
        if (pipe == null || pipe.options().out().outbox()) {
            return null;
        }
        return channel.capabilities()
                .find(Forwarding.class)
                .filter(offered -> offered.reaches(pipe.backend()))
                .orElse(null);
    }

    /** Sends, unless that is done together with the acknowledgement; throws if it was not sent. */
    void begin(Work work, Outcome outcome) {
        if (!(outcome instanceof Outcome.Reply reply)) {
            return;
        }
        if (pipe != null) {
            if (!forwards(work)) {
                sendAll(work, pipe, reply.result());
            }
        } else if (!(work.sole() instanceof ReplyingDelivery)) {
            answer(work, reply.result());
        }
    }

    private boolean forwards(Work work) {
        return forwarding != null && work.sole() != null;
    }

    /** Acknowledges and sends in one step where that was not done before; {@code false} if it remains to acknowledge. */
    boolean finish(Work work, Object result) {
        if (pipe != null) {
            Delivery delivery = work.sole();
            if (forwarding == null || delivery == null) {
                return false;
            }
            List<Message> messages = new ArrayList<>();
            for (Object element : elements(result)) {
                Map<String, String> attributes = Map.of("id", id(work, messages.size()));
                messages.add(pipe.sending()
                        .outgoing(element, attributes, work.event())
                        .message());
            }
            forwarding.forward(delivery, pipe.backend(), messages);
            pipe.statistics().sent().add(messages.size());
            return true;
        }
        if (work.sole() instanceof ReplyingDelivery replying) {
            replying.reply(channel.sending()
                    .outgoing(result, Map.of("id", id(work, 0)), work.event())
                    .message());
            return true;
        }
        return false;
    }

    private void sendAll(Work work, ChannelContext target, Object result) {
        List<CompletableFuture<Receipt>> sent = new ArrayList<>();
        for (Object element : elements(result)) {
            Event.Builder<?> event = event(element);
            if (event.build().id().isEmpty()) {
                event.id(id(work, sent.size()));
            }
            sent.add(target.sending().send(event.build(), work.event()).toCompletableFuture());
        }
        sent.forEach(Results::await);
    }

    private void answer(Work work, Object result) {
        IncomingEvent request = work.event();
        String replyTo = request == null ? null : request.text(ReplyNames.REPLY_TO);
        if (request == null || replyTo == null || !isForReplies(replyTo)) {
            return;
        }
        String correlation = request.text(ReplyNames.CORRELATION);
        Event<?> reply = event(result)
                .id(id(work, 0))
                .extension(ReplyNames.CORRELATION, correlation == null ? request.id() : correlation)
                .build();
        await(channels.channel(replyTo, channel.options())
                .sending()
                .send(reply, request)
                .toCompletableFuture());
    }

    /** Accepts no name of a stranger's choice: a request cannot have us send wherever it likes. */
    private boolean isForReplies(String name) {
        boolean known = name.equals(channel.name() + ReplyNames.SUFFIX)
                || (name.endsWith(ReplyNames.SUFFIX) && channels.names().contains(name));
        if (!known) {
            long count = dropped.add();
            if (count > 0) {
                LOG.warn(
                        "Replies were dropped, {}: a request on channel '{}' wants its reply on channel '{}', which is not {}{} and not"
                                + " configured",
                        count,
                        channel.name(),
                        AttributeText.clean(Thrown.cut(name, MAXIMUM_NAME)),
                        channel.name(),
                        ReplyNames.SUFFIX);
            }
        }
        return known;
    }

    private static void await(CompletableFuture<Receipt> sent) {
        try {
            sent.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    private static Event.Builder<?> event(Object result) {
        return result instanceof Event<?> event
                ? event.toBuilder()
                : Event.builder().data(result);
    }

    private static Collection<?> elements(Object result) {
        return result instanceof Collection<?> several ? several : List.of(result);
    }

    private String id(Work work, int index) {
        IncomingEvent event = work.event();
        return "%s/%s/%d".formatted(event == null ? "" : AttributeText.clean(event.id()), group, index);
    }
}
