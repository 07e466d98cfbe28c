// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of an event that is sent; its parts are written when a backend asks for them, once.
 *
 * <p>A broker in this JVM that does not ask hands the event on as it is.
 */
final class EventMessage implements Message {

    private final Event<?> event;
    private final Codec<Object> codec;
    private final Encoding encoding;
    private final @Nullable Duration delay;
    private final @Nullable Duration timeToLive;
    private volatile @Nullable Map<String, String> attributes;
    private volatile byte @Nullable [] body;

    EventMessage(
            Event<?> event,
            Codec<Object> codec,
            Encoding encoding,
            @Nullable Duration delay,
            @Nullable Duration timeToLive) {
        this.event = event;
        this.codec = codec;
        this.encoding = encoding;
        this.delay = delay;
        this.timeToLive = timeToLive;
    }

    Event<?> event() {
        return event;
    }

    Encoding encoding() {
        return encoding;
    }

    /** Returns the media type of the data, or {@code null} if the event has no data and does not say. */
    @Nullable String dataContentType() {
        return event.dataContentType().orElseGet(() -> event.payload().isPresent() ? codec.mediaType() : null);
    }

    /** Writes the data alone; {@code null} if there is none. */
    byte @Nullable [] data() {
        Object payload = event.payload().orElse(null);
        return payload == null ? null : codec.encode(payload);
    }

    Codec<Object> codec() {
        return codec;
    }

    @Override
    public @Nullable String key() {
        return event.key().orElse(null);
    }

    @Override
    public @Nullable String contentType() {
        return switch (encoding) {
            case BINARY, RAW -> dataContentType();
            case STRUCTURED -> MediaTypes.EVENT;
            case BATCH -> MediaTypes.BATCH;
        };
    }

    @Override
    public Map<String, String> attributes() {
        if (encoding != Encoding.BINARY) {
            return Map.of();
        }
        Map<String, String> written = attributes;
        if (written == null) {
            written = attributes(event);
            attributes = written;
        }
        return written;
    }

    private static Map<String, String> attributes(Event<?> event) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("specversion", "1.0");
        attributes.put("id", event.id());
        attributes.put("source", event.source());
        attributes.put("type", event.type());
        event.subject().ifPresent(subject -> attributes.put("subject", subject));
        event.time().map(Instant::toString).ifPresent(time -> attributes.put("time", time));
        event.dataSchema().ifPresent(schema -> attributes.put("dataschema", schema));
        event.key().ifPresent(key -> attributes.put("partitionkey", key));
        event.extensions().forEach((name, value) -> attributes.put(name, AttributeText.of(value)));
        return attributes;
    }

    @Override
    public Map<String, String> headers() {
        return event.headers();
    }

    @Override
    public byte @Nullable [] body() {
        byte[] written = body;
        if (written == null) {
            written = switch (encoding) {
                case BINARY, RAW -> data();
                case STRUCTURED -> JsonEventWriter.event(this);
                case BATCH -> JsonEventWriter.batch(List.of(this));
            };
            body = written;
        }
        return written;
    }

    @Override
    public @Nullable Duration delay() {
        return delay;
    }

    @Override
    public @Nullable Duration timeToLive() {
        return timeToLive;
    }

    @Override
    public @Nullable Object original() {
        return null;
    }

    /** Tells neither headers nor data. */
    @Override
    public String toString() {
        return "Message[%s, %s]".formatted(encoding, event);
    }
}
