// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.Event;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that is no event, shown to a handler of bytes as one; if that handler fails, too, the message goes on as it came.
 *
 * @param message what came
 * @param shown what the handler sees
 */
record UnreadableEvent(Message message, IncomingEvent shown) implements IncomingEvent {

    @Override
    public String id() {
        return shown.id();
    }

    @Override
    public boolean identified() {
        return shown.identified();
    }

    @Override
    public String source() {
        return shown.source();
    }

    @Override
    public String type() {
        return shown.type();
    }

    @Override
    public @Nullable String key() {
        return message.key();
    }

    @Override
    public @Nullable String text(String attribute) {
        return shown.text(attribute);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return shown.attribute(name);
    }

    @Override
    public @Nullable Object data(List<String> pointer) {
        return shown.data(pointer);
    }

    @Override
    public Message toMessage() {
        return message;
    }

    @Override
    public <T> Event<T> read(PayloadType<T> payload, int attempt) {
        return shown.read(payload, attempt);
    }
}
