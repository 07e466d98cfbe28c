// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.channel.BackendCount;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.channel.Closing;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.Sending;
import io.mecha.binding.event.CloudEventFormat;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.event.EventFormat;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.codec.CodecException;
import io.mecha.runtime.Ids;
import io.mecha.spi.SurroundingTransaction;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending half of one channel: bounded in number and time, through the outbox and the delay queue where the channel has
 * them.
 *
 * <p>The way of a message: admission, encoding, delay queue, outbox, backend. What is not configured is not there.
 */
public final class ChannelSending implements Sending {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelSending.class);
    private static final Duration LOOK_PATIENCE = Duration.ofMillis(250);

    private final ChannelOptions options;
    private final ChannelStatistics statistics;
    private final EngineContext engine;
    private final EventFormat format;
    private final @Nullable SendObservations observations;
    private final PendingSends pending;
    private final SendingRoute route;
    private final @Nullable BackendCount backlog;
    private final Requests requests;
    private final EventFactory.Settings settings;
    private final Map<Type, DefaultSender<?>> senders = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Build the way out of a channel; background work begins with {@link #start}.
     *
     * @param channel the channel whose half this is
     * @param engine what the channels of the engine share
     * @throws InvalidConfigurationException if the channel asks for what its backend, outbox or state store cannot give
     */
    public ChannelSending(ChannelContext channel, EngineContext engine) {
        this.options = channel.options();
        this.statistics = channel.statistics();
        this.engine = engine;
        Ids ids = new Ids();
        this.format = new CloudEventFormat(
                options.eventFormat(),
                ids,
                engine.clock(),
                statistics.irregular(),
                channel.capabilities().find(MessageIdentity.class).orElse(null));
        this.observations = engine.isObserved() ? new SendObservations(engine, options) : null;
        this.pending = new PendingSends(options, channel.backend().isLocal(), engine.time(), engine.timers());
        this.route = SendingRoute.of(channel, engine);
        this.backlog = backlog(route.outbox());
        this.requests = new Requests(channel, this, engine);
        this.settings = new EventFactory.Settings(options, format, ids, engine.clock(), route::checkDelay);
    }

    ChannelOptions options() {
        return options;
    }

    /** Returns who observes sends, or {@code null}. */
    @Nullable SendObservations observations() {
        return observations;
    }

    @Override
    public EventFormat format() {
        return format;
    }

    @Override
    public OptionalLong backlog() {
        return backlog == null ? OptionalLong.empty() : backlog.get();
    }

    private @Nullable BackendCount backlog(@Nullable BindingBackend outbox) {
        Groups groups =
                outbox == null ? null : outbox.capabilities().find(Groups.class).orElse(null);
        return groups == null
                ? null
                : new BackendCount(() -> ask(groups), engine.background(), new AtomicBoolean(), LOOK_PATIENCE);
    }

    private OptionalLong ask(Groups outbox) {
        try {
            return outbox.lag(OutboxRelay.GROUP);
        } catch (RuntimeException failure) { // allow CatchException: shown as unknown
            LOG.debug("The backlog of the outbox of channel '{}' is not known", options.name(), failure);
            return OptionalLong.empty();
        }
    }

    @Override
    public Sender<?> sender(Type payload) {
        return sendable(payload);
    }

    @Override
    public CompletionStage<Receipt> send(Event<?> event, @Nullable IncomingEvent origin) {
        return send(sendable(data(event).getClass()), event, origin);
    }

    @SuppressWarnings("unchecked") // the sender was made for the class of the payload
    private static <T> CompletionStage<Receipt> send(
            DefaultSender<T> sender, Event<?> event, @Nullable IncomingEvent origin) {
        return sender.sendAsync((Event<T>) event, origin);
    }

    private DefaultSender<?> sendable(Type payload) {
        if (route.first() == null) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-B141",
                    PropertyNames.channel(options.name(), "type"),
                    "Nothing can be sent to channel '%s', because type '%s' only receives from '%s'."
                            .formatted(options.name(), options.type(), options.destination()),
                    "Choose a type that sends, and one destination, not several or a pattern.")));
        }
        return writer(payload);
    }

    /** Returns what writes events of a type; also where they cannot be sent, because a reply goes back by itself. */
    private DefaultSender<?> writer(Type payload) {
        DefaultSender<?> known = senders.get(payload);
        return known == null ? resolve(payload) : known;
    }

    private DefaultSender<?> resolve(Type payload) {
        try {
            return senders.computeIfAbsent(
                    payload,
                    type -> new DefaultSender<>(
                            this, new EventFactory<>(settings, new CodecPayload<>(type, engine.codecs()))));
        } catch (CodecException unknown) {
            throw new InvalidConfigurationException(
                    List.of(new Mistake(
                            "MECHA-B142",
                            PropertyNames.channel(options.name(), "media-type"),
                            "Payloads of type %s cannot be sent to channel '%s' as %s."
                                    .formatted(payload.getTypeName(), options.name(), options.mediaType()),
                            "Use one of the media types %s and a type that can be written."
                                    .formatted(engine.codecs().mediaTypes()))),
                    unknown);
        }
    }

    @Override
    public CompletionStage<Receipt> forward(String id, Message message) {
        Outbound outbound = route.backend();
        try {
            if (outbound == null) {
                throw SendException.refused(options.name(), options.type(), "it only receives", null);
            }
            return outbound.send(id, message);
        } catch (RuntimeException failure) { // allow CatchException: handed on as a failed stage
            return CompletableFuture.failedFuture(Failures.of(options, failure));
        }
    }

    @Override
    public Outgoing outgoing(Object result, Map<String, String> attributes, @Nullable IncomingEvent origin) {
        Object payload = result instanceof Event<?> event ? data(event) : result;
        DefaultSender<?> sender = writer(payload.getClass());
        SendOption[] more = attributes.entrySet().stream()
                .map(attribute -> attribute.getKey().equals("partitionkey")
                        ? SendOption.key(attribute.getValue())
                        : SendOption.attribute(attribute.getKey(), attribute.getValue()))
                .toArray(SendOption[]::new);
        return outgoing(sender.events(), result, origin, more);
    }

    private static Object data(Event<?> event) {
        Object payload = event.payload().orElse(null);
        return payload == null ? "" : payload;
    }

    @SuppressWarnings("unchecked") // the factory was made for the class of the payload
    private <T> Outgoing outgoing(
            EventFactory<T> events, Object result, @Nullable IncomingEvent origin, SendOption... more) {
        EventFactory<T> factory = more.length == 0 ? events : events.with(more);
        Outgoing outgoing = factory.message(
                result instanceof Event<?> event ? factory.adopt((Event<T>) event, origin) : factory.begin((T) result));
        prepare(outgoing.message());
        return outgoing;
    }

    /**
     * Sends a message; returns at once, except while there is no room.
     *
     * @throws io.mecha.MechaException if it cannot be sent
     */
    CompletionStage<Receipt> transmit(Outgoing outgoing) {
        return transmit(outgoing, route.first());
    }

    /** Sends a message past the outbox, whose transaction might wait for what the message leads to. */
    CompletionStage<Receipt> transmitDirectly(Outgoing outgoing) {
        return transmit(outgoing, route.backend());
    }

    private CompletionStage<Receipt> transmit(Outgoing outgoing, @Nullable Outbound outbound) {
        requireOpen();
        prepare(outgoing.message());
        pending.admit();
        return confirmed(require(outbound).send(outgoing.id(), outgoing.message()));
    }

    private Outbound require(@Nullable Outbound outbound) {
        if (outbound == null) {
            throw SendException.refused(options.name(), options.type(), "it only receives", null);
        }
        return outbound;
    }

    /** Sends several messages, or one that holds all of them. */
    <T> List<CompletionStage<Receipt>> transmitAll(EventFactory<T> events, List<Event.Builder<T>> begun) {
        requireOpen();
        if (options.encoding() == Encoding.BATCH && !events.delayed()) {
            List<CompletionStage<Receipt>> stages = new ArrayList<>(begun.size());
            transmitBatch(events, events.completeAll(begun), stages);
            return stages;
        }
        List<String> ids = new ArrayList<>(begun.size());
        List<Message> messages = new ArrayList<>(begun.size());
        for (Event.Builder<T> event : begun) {
            Outgoing outgoing = events.message(event);
            prepare(outgoing.message());
            ids.add(outgoing.id());
            messages.add(outgoing.message());
        }
        pending.admit();
        List<CompletionStage<Receipt>> stages = new ArrayList<>(begun.size());
        require(route.first()).sendAll(ids, messages).forEach(stage -> stages.add(confirmed(stage)));
        return stages;
    }

    /** Sends events as one message, or as two if that would be too large. */
    private <T> void transmitBatch(
            EventFactory<T> events, List<Event<T>> complete, List<CompletionStage<Receipt>> stages) {
        Message message = encoded(() -> events.batch(complete));
        byte[] body = message.body();
        if (body != null && body.length > route.maximumBodySize()) {
            if (complete.size() == 1) {
                throw InvalidEventException.tooLarge(options.name(), body.length, route.maximumBodySize());
            }
            int middle = complete.size() / 2;
            transmitBatch(events, complete.subList(0, middle), stages);
            transmitBatch(events, complete.subList(middle, complete.size()), stages);
            return;
        }
        pending.admit();
        CompletionStage<Receipt> sent =
                confirmed(require(route.first()).send(complete.get(0).id(), message));
        complete.forEach(event -> stages.add(sent.thenApply(receipt -> new Receipt(event.id(), receipt.position()))));
    }

    /** Writes the bytes, unless nobody may need them, and refuses what is too large. */
    void prepare(Message message) {
        int maximum = route.maximumBodySize();
        if (maximum == Integer.MAX_VALUE && options.immutableValues()) {
            return;
        }
        byte[] body = encoded(message::body);
        if (body != null && body.length > maximum) {
            throw InvalidEventException.tooLarge(options.name(), body.length, maximum);
        }
    }

    private <R extends @Nullable Object> R encoded(Supplier<R> encoding) {
        try {
            return encoding.get();
        } catch (CodecException failure) {
            throw EventFactory.unwritable(options.name(), failure);
        } catch (IllegalArgumentException failure) {
            throw InvalidEventException.unusable(
                    options.name(), String.valueOf(failure.getMessage()), "Send JSON, or another content type.");
        }
    }

    private CompletionStage<Receipt> confirmed(CompletionStage<Receipt> stage) {
        CompletableFuture<Receipt> future = stage.toCompletableFuture();
        CompletionStage<Receipt> confirmed = future.isDone() ? stage : pending.track(stage);
        if (future.isDone() && !future.isCompletedExceptionally()) {
            sent();
        } else {
            confirmed.thenRun(statistics.sent()::increment);
        }
        return confirmed;
    }

    /** Counts what was sent; in a transaction, which may roll back, when it has committed. */
    private void sent() {
        SurroundingTransaction transaction = route.transaction();
        if (transaction != null && transaction.active()) {
            transaction.afterCommit(statistics.sent()::increment);
        } else {
            statistics.sent().increment();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw SendException.closed(options.name());
        }
    }

    /** Waits for a confirmation, as long as a send may take. */
    Receipt await(CompletionStage<Receipt> stage) {
        CompletableFuture<Receipt> future = stage.toCompletableFuture();
        try {
            return future.isDone()
                    ? future.get()
                    : future.get(options.out().timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw Failures.of(options, failure);
        } catch (TimeoutException late) {
            throw SendException.unconfirmed(options.name(), options.type(), null);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw SendException.unconfirmed(options.name(), options.type(), interrupted);
        }
    }

    /** Sends a request and waits for the reply, an instance of the type. */
    <T> Object request(EventFactory<T> events, Event.Builder<T> event, Type reply, Duration timeout) {
        requireOpen();
        return observations == null
                ? requests.request(events, event, reply, timeout)
                : observations
                        .observe(
                                List.of(event),
                                () -> CompletableFuture.completedFuture(
                                        requests.request(events, event, reply, timeout)))
                        .toCompletableFuture()
                        .join();
    }

    @Override
    public void start() {
        route.start();
    }

    /** Waits for what is on its way, then stops; sends fail from now on. */
    @Override
    public void close() {
        closed = true;
        Closing.all(requests::close, pending::drain, route::close);
    }
}
