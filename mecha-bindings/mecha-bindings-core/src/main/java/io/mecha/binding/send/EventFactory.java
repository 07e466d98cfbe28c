// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.SendOption;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.Sending;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.event.EventFormat;
import io.mecha.binding.event.EventTypes;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.event.MediaTypes;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import io.mecha.runtime.Ids;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A factory of complete events and messages of payloads of one type; everything that can be known before the first of them
 * is resolved once.
 *
 * @param <T> type of the payload
 */
final class EventFactory<T> {

    static final String EXPIRY = "expirytime";

    private final Settings settings;
    private final CodecPayload<T> payload;
    private final Codec<Object> codec;
    private final String mediaType;
    private final String source;
    private final @Nullable String type;
    private final @Nullable KeyExtractor key;
    private final EventTemplate template;
    private final SendChecks checks;
    private final boolean plain;
    private final boolean byValue;

    /** Resolves a type; throws {@link CodecException} if no codec knows it. */
    EventFactory(Settings settings, CodecPayload<T> payload) {
        this.settings = settings;
        this.payload = payload;
        ChannelOptions channel = settings.channel();
        this.codec = payload.codec(channel.mediaType());
        this.mediaType = channel.mediaType() == null ? codec.mediaType() : channel.mediaType();
        this.source = channel.source();
        this.type =
                channel.out().type() == null ? typeName(payload) : channel.out().type();
        String keySource = channel.out().key();
        this.key = keySource == null ? null : KeyExtractor.of(keySource, payload.type());
        this.template = EventTemplate.of(channel.out().timeToLive());
        this.checks = new SendChecks(channel.name());
        this.plain = true;
        this.byValue = channel.mediaType() == null && payload.raw() != String.class && payload.raw() != byte[].class;
    }

    private EventFactory(EventFactory<T> original, EventTemplate template) {
        this.settings = original.settings;
        this.payload = original.payload;
        this.codec = original.codec;
        this.mediaType = original.mediaType;
        this.source = original.source;
        this.type = original.type;
        this.key = original.key;
        this.template = template;
        this.checks = original.checks;
        this.byValue = original.byValue;
        this.plain = template.attributes().isEmpty() && template.headers().isEmpty();
    }

    /** Returns the name of the declared type where every payload has exactly this type, or else {@code null}. */
    private static @Nullable String typeName(CodecPayload<?> payload) {
        return payload.type() instanceof Class<?> declared && !Modifier.isFinal(declared.getModifiers())
                ? null
                : EventTypes.of(payload.type());
    }

    EventFactory<T> with(SendOption... options) {
        EventTemplate extended = template.with(settings.channel().name(), options);
        if (extended.delay() != null) {
            settings.delayCheck().accept(extended.delay());
        }
        return new EventFactory<>(this, extended);
    }

    boolean delayed() {
        return template.delay() != null;
    }

    /** Begins an event of a payload with everything but the key. */
    Event.Builder<T> begin(T data) {
        if (data == null) { // a caller without null checks
            throw InvalidEventException.unusable(
                    settings.channel().name(), "it has no payload", "Send an Event without data if that is meant.");
        }
        return fill(data);
    }

    private Event.Builder<T> fill(@Nullable T data) {
        Event.Builder<T> event = Event.<T>builder()
                .id(settings.ids().next())
                .source(source)
                .type(type == null ? runtimeType(data) : type)
                .time(settings.clock().instant())
                .attempt(1) // as a handler in this JVM sees this very event at first
                .data(data);
        if (data != null) {
            event.dataContentType(mediaType(data));
        }
        return plain ? event : template.apply(event);
    }

    /** Returns what a payload is written as: text and bytes of a sender of any type stay what they are. */
    private String mediaType(Object data) {
        if (byValue && data instanceof String) {
            return MediaTypes.TEXT;
        }
        return byValue && data instanceof byte[] ? MediaTypes.BYTES : mediaType;
    }

    private String runtimeType(@Nullable Object data) {
        return EventTypes.of(data == null ? payload.type() : data.getClass());
    }

    /**
     * Begins an event with what it says itself, then what the sender says, then what the channel says.
     *
     * @param origin the event of which this is the result; {@code null} if it is none
     */
    Event.Builder<T> adopt(Event<T> event, @Nullable IncomingEvent origin) {
        checks.check(event, origin);
        return plain ? completed(event) : merged(event);
    }

    /** Where the sender says nothing, the event is completed in place, which costs half of merging it with a second one. */
    private Event.Builder<T> completed(Event<T> event) {
        Event.Builder<T> own = event.toBuilder().attempt(1);
        T data = event.payload().orElse(null);
        if (event.id().isEmpty()) {
            own.id(settings.ids().next());
        }
        if (event.source().isEmpty()) {
            own.source(source);
        }
        if (event.type().isEmpty()) {
            own.type(type == null ? runtimeType(data) : type);
        }
        if (event.time().isEmpty()) {
            own.time(settings.clock().instant());
        }
        if (data != null && event.dataContentType().isEmpty()) {
            own.dataContentType(mediaType(data));
        }
        return own;
    }

    private Event.Builder<T> merged(Event<T> event) {
        Event.Builder<T> own = fill(event.payload().orElse(null));
        if (!event.id().isEmpty()) {
            own.id(event.id());
        }
        if (!event.source().isEmpty()) {
            own.source(event.source());
        }
        if (!event.type().isEmpty()) {
            own.type(event.type());
        }
        event.subject().ifPresent(own::subject);
        event.time().ifPresent(own::time);
        event.dataContentType().ifPresent(own::dataContentType);
        event.dataSchema().ifPresent(own::dataSchema);
        event.key().ifPresent(own::key);
        event.extensions().forEach(own::extension);
        event.headers().forEach(own::header);
        return own;
    }

    /** Completes an event and makes its message. */
    Sending.Outgoing message(Event.Builder<T> begun) {
        Event<T> event = complete(begun);
        Message message = settings.format().write(event, codec(event), template.delay(), remaining(event));
        return new Sending.Outgoing(event.id(), message);
    }

    /** Completes events for one message. */
    List<Event<T>> completeAll(List<Event.Builder<T>> begun) {
        List<Event<T>> events = new ArrayList<>(begun.size());
        begun.forEach(event -> events.add(complete(event)));
        return events;
    }

    Message batch(List<Event<T>> events) {
        return settings.format().writeBatch(events, codec);
    }

    private Event<T> complete(Event.Builder<T> begun) {
        Event<T> event = begun.build();
        boolean complete = true;
        Duration timeToLive = template.timeToLive();
        if (timeToLive != null && !event.extensions().containsKey(EXPIRY)) {
            begun.extension(EXPIRY, start().plus(timeToLive));
            complete = false;
        }
        if (key != null && event.key().isEmpty()) {
            String found = found(key, event);
            if (found != null && !found.isEmpty()) {
                begun.key(SendChecks.checkKey(settings.channel().name(), found));
                complete = false;
            }
        }
        return complete ? event : begun.build();
    }

    /** Returns when the event begins to be there for receivers. */
    private Instant start() {
        Instant now = settings.clock().instant();
        return template.delay() == null ? now : now.plus(template.delay());
    }

    private @Nullable String found(KeyExtractor extractor, Event<T> event) {
        try {
            return extractor.key(event, codec(event));
        } catch (CodecException failure) {
            throw unwritable(failure);
        }
    }

    private @Nullable Duration remaining(Event<T> event) {
        if (event.extensions().isEmpty() || !(event.extensions().get(EXPIRY) instanceof Instant expiry)) {
            return null;
        }
        Duration remaining = Duration.between(start(), expiry);
        return remaining.isNegative() || remaining.isZero() ? Duration.ofMillis(1) : remaining;
    }

    private Codec<Object> codec(Event<T> event) {
        String own = event.dataContentType().orElse(null);
        if (own == null || own.equals(mediaType)) {
            return codec;
        }
        try {
            return payload.codec(own);
        } catch (CodecException failure) {
            throw unwritable(failure);
        }
    }

    private InvalidEventException unwritable(CodecException failure) {
        return unwritable(settings.channel().name(), failure);
    }

    static InvalidEventException unwritable(String channel, CodecException failure) {
        String problem = failure.problem();
        return InvalidEventException.unusable(
                channel,
                problem.endsWith(".") ? problem.substring(0, problem.length() - 1) : problem,
                failure.action());
    }

    /** The settings that all senders of a channel share. */
    record Settings(
            ChannelOptions channel, EventFormat format, Ids ids, InstantSource clock, Consumer<Duration> delayCheck) {}
}
