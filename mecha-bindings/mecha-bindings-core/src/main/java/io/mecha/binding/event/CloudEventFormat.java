// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.TransportRecord;
import io.mecha.codec.Codec;
import io.mecha.runtime.Ids;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The layouts of CloudEvents 1.0.2: attributes beside the data, around it, several events at once, or none.
 *
 * <p>What is received is recognised by itself, whatever the encoding of the channel; only a message that says nothing about itself
 * needs a channel whose encoding is raw.
 */
public final class CloudEventFormat implements EventFormat {

    private static final String RAW_TYPE = "mecha.raw";

    private final String channel;
    private final Encoding encoding;
    private final boolean immutableValues;
    private final String source;
    private final String rawType;
    private final Ids ids;
    private final InstantSource clock;
    private final @Nullable MessageIdentity identities;
    private final Conformance conformance;

    /**
     * Create the format of a channel.
     *
     * @param settings settings of the channel
     * @param ids source of ids for messages that are no events and have no identity
     * @param clock clock for the time of messages that are no events and have none
     * @param irregular counter of events that break the types of CloudEvents and are accepted
     * @param identities identities of messages that are no events; {@code null} if the backend has none
     */
    public CloudEventFormat(
            Settings settings,
            Ids ids,
            InstantSource clock,
            LongAdder irregular,
            @Nullable MessageIdentity identities) {
        this.channel = settings.channel();
        this.encoding = settings.encoding();
        this.immutableValues = settings.immutableValues();
        this.source = settings.source();
        this.rawType = Objects.requireNonNullElse(settings.rawType(), RAW_TYPE);
        this.ids = ids;
        this.clock = clock;
        this.identities = identities;
        this.conformance = new Conformance(settings.channel(), settings.strict(), irregular);
    }

    @Override
    public Message write(Event<?> event, Codec<Object> codec, @Nullable Duration delay, @Nullable Duration timeToLive) {
        return new EventMessage(event, codec, encoding, delay, timeToLive);
    }

    @Override
    public Message writeBatch(List<? extends Event<?>> events, Codec<Object> codec) {
        List<EventMessage> messages = events.stream()
                .map(event -> new EventMessage(event, codec, Encoding.STRUCTURED, null, null))
                .toList();
        String key = messages.get(0).key();
        boolean sameKey = messages.stream().allMatch(message -> Objects.equals(key, message.key()));
        return Message.received(
                sameKey ? key : null, MediaTypes.BATCH, Map.of(), Map.of(), JsonEventWriter.batch(messages));
    }

    @Override
    public List<IncomingEvent> read(Message message) {
        return isShared(message) ? List.of(shared(message)) : parse(message, null);
    }

    @Override
    public List<IncomingEvent> read(Delivery delivery) {
        Message message = delivery.message();
        return isShared(message) ? List.of(shared(message)) : parse(message, delivery);
    }

    @Override
    public IncomingEvent readFirst(Delivery delivery) {
        Message message = delivery.message();
        return isShared(message) ? shared(message) : parse(message, delivery).get(0);
    }

    private IncomingEvent shared(Message message) {
        return new SharedEvent(channel, (EventMessage) message);
    }

    /** Tells whether the payload may be handed on as it is. */
    private boolean isShared(Message message) {
        return message instanceof EventMessage sent && immutableValues && sent.encoding() != Encoding.RAW;
    }

    private List<IncomingEvent> parse(Message message, @Nullable Delivery delivery) {
        String mediaType = message.contentType();
        if (MediaTypes.holdsEvents(mediaType)) {
            return whole(message, MediaTypes.base(Objects.requireNonNull(mediaType)));
        }
        Map<String, String> attributes = message.attributes();
        if (attributes.isEmpty()) {
            if (encoding != Encoding.RAW) {
                throw InvalidEventException.unreadable(channel, "it has no attributes");
            }
            return List.of(synthesised(message, delivery, Map.of()));
        }
        if (message.original() instanceof TransportRecord record && record.contradiction() != null) {
            throw InvalidEventException.unreadable(
                    channel, "its attribute '%s' has different values".formatted(record.contradiction()));
        }
        return List.of(new WireEvent(conformance, attributes, message, message.key(), mediaType, message.body()));
    }

    private List<IncomingEvent> whole(Message message, String mediaType) {
        boolean batch = mediaType.equals(MediaTypes.BATCH);
        if (!batch && !mediaType.equals(MediaTypes.EVENT)) {
            throw InvalidEventException.unreadable(channel, "only the JSON format of whole events is understood");
        }
        byte[] body = message.body();
        if (body == null) {
            throw InvalidEventException.unreadable(channel, "it has no body");
        }
        String key = batch ? null : message.key();
        return new JsonEventReader(channel, utf8(body, Objects.requireNonNull(message.contentType())))
                .read(batch).stream()
                        .<IncomingEvent>map(event -> new WireEvent(
                                conformance, event.attributes(), message, key, event.mediaType(), event.data()))
                        .toList();
    }

    /** Returns a document in UTF-8, whatever character set its media type names; JSON without one tells itself. */
    private byte[] utf8(byte[] body, String mediaType) {
        String charset = MediaTypes.charset(mediaType);
        if (charset == null || charset.equalsIgnoreCase("utf-8")) {
            return body;
        }
        try {
            CharBuffer text = Charset.forName(charset).newDecoder().decode(ByteBuffer.wrap(body));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | CharacterCodingException unreadable) {
            throw InvalidEventException.unreadable(channel, "its body is not in the character set that it names");
        }
    }

    @Override
    public IncomingEvent wrap(Delivery delivery) {
        Message message = delivery.message();
        return synthesised(message, delivery, DeadLetterNotes.of(message));
    }

    private IncomingEvent synthesised(Message message, @Nullable Delivery delivery, Map<String, String> more) {
        MessageIdentity.Identity identity = identities == null || delivery == null ? null : identities.of(delivery);
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("specversion", "1.0");
        attributes.put("id", identity == null ? ids.next() : identity.id());
        attributes.put("source", identity == null || identity.source() == null ? source : identity.source());
        attributes.put("type", rawType);
        Instant time = identity == null || identity.time() == null ? clock.instant() : identity.time();
        attributes.put("time", time.toString());
        more.forEach(attributes::putIfAbsent);
        return new WireEvent(
                conformance,
                attributes,
                message,
                message.key(),
                message.contentType(),
                message.body(),
                identity != null);
    }

    /**
     * The settings of the channel that the format needs.
     *
     * @param channel name of the channel, for exceptions
     * @param encoding encoding of sent messages; also, if raw, a message without attributes is accepted as an event
     * @param immutableValues whether a payload may be handed on as the object that it is
     * @param source the source of a message that is no event and names none
     * @param rawType the type of a message that is no event; {@code null} for the default
     * @param strict whether what breaks the types of CloudEvents is refused
     */
    public record Settings(
            String channel,
            Encoding encoding,
            boolean immutableValues,
            String source,
            @Nullable String rawType,
            boolean strict) {}
}
