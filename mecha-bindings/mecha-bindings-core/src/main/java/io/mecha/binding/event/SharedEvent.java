// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.MechaException;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event that never left this JVM; its payload is handed on as it is if the handler takes it. */
final class SharedEvent implements IncomingEvent {

    private final String channel;
    private final EventMessage message;
    private volatile @Nullable JsonData json;

    SharedEvent(String channel, EventMessage message) {
        this.channel = channel;
        this.message = message;
    }

    private Event<?> event() {
        return message.event();
    }

    @Override
    public String id() {
        return event().id();
    }

    @Override
    public boolean identified() {
        return true;
    }

    @Override
    public String source() {
        return event().source();
    }

    @Override
    public String type() {
        return event().type();
    }

    @Override
    public @Nullable String key() {
        return event().key().orElse(null);
    }

    @Override
    public @Nullable String text(String attribute) {
        Object value = attribute(attribute);
        return value == null ? null : AttributeText.of(value);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "time" -> event().time().map(Instant::toString).orElse(null);
            case "datacontenttype" -> message.dataContentType();
            default -> {
                Object value = event().attribute(name);
                yield value == null ? null : received(value);
            }
        };
    }

    // An attribute means the same whether or not the event went over a wire.
    private Object received(Object value) {
        boolean typed = message.encoding() != Encoding.BINARY && (value instanceof Integer || value instanceof Boolean);
        return typed ? value : AttributeText.of(value);
    }

    @Override
    public @Nullable Object data(List<String> pointer) {
        JsonData parsed = json;
        if (parsed == null) {
            parsed = MediaTypes.isJson(message.dataContentType()) ? JsonData.parse(message.data()) : JsonData.NONE;
            json = parsed;
        }
        return parsed.find(pointer);
    }

    @Override
    public Message toMessage() {
        return new EventMessage(event(), message.codec(), Encoding.BINARY, null, null);
    }

    @Override
    @SuppressWarnings("unchecked") // the payload is an instance of the type, or the codec was made for it
    public <T> Event<T> read(PayloadType<T> payload, int attempt) {
        Event<?> event = event();
        Object data = event.payload().orElse(null);
        boolean same = true;
        if (data != null && (!payload.raw().isInstance(data) || payload.raw() == Object.class)) {
            data = convert(payload);
            same = false;
        }
        if (same && event.extensions().isEmpty() && event.attempt() == attempt) {
            return (Event<T>) event; // as it will be received, see EventFactory
        }
        Event.Builder<T> received =
                event.withData((T) data).attempt(attempt).dataContentType(message.dataContentType());
        event.extensions().forEach((name, value) -> received.extension(name, received(value)));
        return received.build();
    }

    private Object convert(PayloadType<?> payload) {
        try {
            byte[] data = message.data();
            Codec<Object> codec = payload.codec(message.dataContentType());
            return codec.decode(data == null ? new byte[0] : data);
        } catch (MechaException failure) {
            throw InvalidEventException.payload(channel, id(), failure);
        }
    }

    @Override
    public String toString() {
        return event().toString();
    }
}
