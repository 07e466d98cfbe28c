// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.MechaException;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.TransportRecord;
import io.mecha.codec.Codec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as it came over the wire. */
final class WireEvent implements IncomingEvent {

    private final Conformance conformance;
    private final Map<String, ?> attributes;
    private final Message carrier;
    private final @Nullable String mediaType;
    private final byte @Nullable [] data;
    private final String id;
    private final String source;
    private final String type;
    private final @Nullable Instant time;
    private final @Nullable String key;
    private final boolean identified;
    private boolean irregular;
    private volatile @Nullable JsonData json;

    WireEvent(
            Conformance conformance,
            Map<String, ?> attributes,
            Message carrier,
            @Nullable String key,
            @Nullable String mediaType,
            byte @Nullable [] data) {
        this(conformance, attributes, carrier, key, mediaType, data, true);
    }

    /**
     * Checks what every event must have.
     *
     * @param attributes String, Boolean or Integer by name, except the media type; not copied
     * @param carrier the message that holds the event, alone or with others
     * @param key the key of the message, which counts if no attribute holds one
     * @param identified see {@link IncomingEvent#identified}
     */
    WireEvent(
            Conformance conformance,
            Map<String, ?> attributes,
            Message carrier,
            @Nullable String key,
            @Nullable String mediaType,
            byte @Nullable [] data,
            boolean identified) {
        this.conformance = conformance;
        this.identified = identified;
        this.attributes = attributes;
        this.carrier = carrier;
        this.mediaType = mediaType == null || mediaType.isEmpty() ? null : mediaType;
        this.data = data;
        if (mediaType != null && mediaType.isEmpty()) {
            empty("datacontenttype");
        }
        check();
        this.id = required("id");
        this.source = required("source");
        this.type = required("type");
        this.time = parse();
        checkUris();
        if (irregular) {
            conformance.irregular().increment();
        }
        String partitionKey = optional("partitionkey");
        this.key = partitionKey == null && key != null && !key.isEmpty() ? key : partitionKey;
    }

    private void check() {
        if (!"1.0".equals(optional("specversion"))) {
            throw unreadable(
                    optional("specversion") == null
                            ? "it has no attribute 'specversion'"
                            : "its 'specversion' is not 1.0, the only one that is understood");
        }
        if (attributes.size() > AttributeText.MAXIMUM_COUNT) {
            throw unreadable("it has more than %d attributes".formatted(AttributeText.MAXIMUM_COUNT));
        }
        attributes.forEach((name, value) -> {
            if (value instanceof String text) {
                check(name, text);
            }
            if (!AttributeText.isName(name)) {
                breach("an attribute has a name that CloudEvents does not allow");
            }
        });
    }

    private void check(String name, String text) {
        if (text.length() > AttributeText.MAXIMUM_LENGTH) {
            throw unreadable("an attribute has more than %d characters".formatted(AttributeText.MAXIMUM_LENGTH));
        }
        if (text.isEmpty() && !mayBeEmpty(name)) {
            empty(name);
        }
        if (conformance.strict() && !AttributeText.isText(text)) {
            breach("an attribute has control characters, or half of a character");
        }
    }

    /** The specification lets only extensions be empty; {@code partitionkey} is one whose own page does not. */
    private static boolean mayBeEmpty(String name) {
        return switch (name) {
            case "subject", "time", "dataschema", "partitionkey" -> false;
            default -> true; // what every event must have is refused as missing
        };
    }

    private void empty(String name) {
        breach("its attribute '%s' is empty".formatted(name));
    }

    private void checkUris() {
        boolean reference = conformance.strict() ? AttributeText.isUri(source, false) : AttributeText.mayBeUri(source);
        if (!reference) {
            breach("its attribute 'source' is no URI reference");
        }
        String schema = optional("dataschema");
        if (schema != null && !AttributeText.isUri(schema, true)) {
            breach("its attribute 'dataschema' is no absolute URI");
        }
    }

    /** Refuses what breaks the types of CloudEvents, or takes it as text: foreign producers are what they are. */
    private void breach(String reason) {
        if (conformance.strict()) {
            throw unreadable(reason);
        }
        irregular = true;
    }

    private String required(String name) {
        String value = optional(name);
        if (value == null) {
            throw unreadable("it has no attribute '%s'".formatted(name));
        }
        return value;
    }

    private @Nullable String optional(String name) {
        Object value = attributes.get(name);
        String text = value == null ? "" : AttributeText.of(value);
        return text.isEmpty() ? null : text;
    }

    private @Nullable Instant parse() {
        String text = optional("time");
        if (text == null) {
            return null;
        }
        try {
            return AttributeText.time(text);
        } catch (DateTimeException malformed) {
            breach("its attribute 'time' is no RFC 3339 timestamp");
            return null;
        }
    }

    private InvalidEventException unreadable(String reason) {
        return conformance.unreadable(reason);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean identified() {
        return identified;
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public @Nullable String key() {
        return key;
    }

    @Override
    public @Nullable String text(String attribute) {
        Object value = attribute(attribute);
        return value == null ? null : AttributeText.of(value);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "partitionkey" -> key;
            case "datacontenttype" -> mediaType;
            case "subject", "time", "dataschema" -> optional(name); // empty is as absent
            default -> attributes.get(name);
        };
    }

    @Override
    public @Nullable Object data(List<String> pointer) {
        JsonData parsed = json;
        if (parsed == null) {
            parsed = MediaTypes.isJson(mediaType) ? JsonData.parse(data) : JsonData.NONE;
            json = parsed;
        }
        return parsed.find(pointer);
    }

    @Override
    public Message toMessage() {
        Map<String, String> all = new LinkedHashMap<>();
        attributes.forEach((name, value) -> {
            if (HeaderNames.isCarriedAttribute(name)) { // a whole event may call something ID, which is not its id
                all.put(name, AttributeText.of(value));
            }
        });
        if (key != null) {
            all.put("partitionkey", key);
        }
        String carried = carrier.key() == null ? key : carrier.key();
        return Message.received(carried, mediaType, all, carrier.headers(), data, carrier.original());
    }

    @Override
    public <T> Event<T> read(PayloadType<T> payload, int attempt) {
        Event.Builder<T> event = Event.<T>builder()
                .id(id)
                .source(source)
                .type(type)
                .subject(optional("subject"))
                .time(time)
                .dataContentType(mediaType)
                .dataSchema(optional("dataschema"))
                .key(key)
                .attempt(attempt)
                .data(payload(payload));
        if (carrier.original() instanceof TransportRecord record) {
            event.transport(record::details);
        }
        carrier.headers().forEach((name, value) -> {
            if (!HeaderNames.isReserved(name)) {
                event.header(name, value);
            }
        });
        attributes.forEach((name, value) -> extend(event, name, value));
        return event.build();
    }

    // What no extension can be named stays in the dead letter; shown as a header it would pass for one of the
    // transport.
    private static void extend(Event.Builder<?> event, String name, Object value) {
        switch (name) {
            case "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema",
                    "partitionkey" -> {}
            default -> {
                if (AttributeText.isName(name) && !name.equals("data")) {
                    event.extension(name, value);
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // the codec was made for the type of the payload
    private <T> @Nullable T payload(PayloadType<T> payload) {
        if (data == null || (data.length == 0 && !CodecPayload.takesNothing(payload.raw(), mediaType))) {
            return null;
        }
        try {
            Codec<Object> codec = payload.codec(mediaType);
            return (T) codec.decode(data);
        } catch (MechaException failure) {
            throw InvalidEventException.payload(conformance.channel(), id, failure);
        }
    }

    /** Tells neither headers nor data. */
    @Override
    public String toString() {
        return "Event[id=%s, source=%s, type=%s, key=%s, attributes=%s]"
                .formatted(id, source, type, key, attributes.keySet());
    }
}
