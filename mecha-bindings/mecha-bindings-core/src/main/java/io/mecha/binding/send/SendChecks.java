// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.HeaderNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules for what an application sends, the same for all transports: what one of them, or a receiver, could not take is refused
 * before it goes anywhere.
 *
 * <p>What came from outside and is handed on by a pipe is not the application's fault, and goes on as it came.
 *
 * @implNote Source: CloudEvents 1.0.2, sections "Type System" and "Context Attributes".
 */
final class SendChecks {

    static final int MAXIMUM_KEY_LENGTH = 512;

    private static final char DELETE = 0x7F;

    private final String channel;

    /** What was found good last; most senders say the same again and again. */
    private String knownType = "";

    private String knownSource = "";

    SendChecks(String channel) {
        this.channel = channel;
    }

    /**
     * Checks an event, of which attributes may be open.
     *
     * @param origin the event of which this is the result; {@code null} if it is none
     */
    void check(Event<?> event, @Nullable IncomingEvent origin) {
        String key = event.key().orElse(null);
        if (key != null && !isHandedOn(origin, "partitionkey", key)) {
            checkKey(channel, key);
        }
        text(origin, "id", event.id());
        String type = event.type();
        if (!type.equals(knownType)) {
            text(origin, "type", type);
            knownType = origin == null ? type : "";
        }
        String source = event.source();
        if (!source.isEmpty() && !source.equals(knownSource)) {
            uri(origin, "source", source, false);
            knownSource = origin == null ? source : "";
        }
        optional(origin, event);
        Map<String, Object> extensions = event.extensions();
        if (!extensions.isEmpty()) {
            if (extensions.size() > AttributeText.MAXIMUM_COUNT / 2) {
                throw unusable(channel, "it has more than %d extensions".formatted(AttributeText.MAXIMUM_COUNT / 2));
            }
            extensions.forEach((name, value) -> text(origin, name, AttributeText.of(value)));
        }
        if (!event.headers().isEmpty()) {
            event.headers().forEach((name, value) -> header(origin, name, value));
        }
    }

    private void optional(@Nullable IncomingEvent origin, Event<?> event) {
        String subject = event.subject().orElse(null);
        if (subject != null) {
            text(origin, "subject", subject);
        }
        String mediaType = event.dataContentType().orElse(null);
        if (mediaType != null) {
            text(origin, "datacontenttype", mediaType);
        }
        String schema = event.dataSchema().orElse(null);
        if (schema != null) {
            uri(origin, "dataschema", schema, true);
        }
    }

    static String checkKey(String channel, String key) {
        if (key.isEmpty() || key.length() > MAXIMUM_KEY_LENGTH) {
            throw InvalidEventException.unusable(
                    channel,
                    "its key has %d characters".formatted(key.length()),
                    "Use a key of 1 to %d characters.".formatted(MAXIMUM_KEY_LENGTH));
        }
        if (!AttributeText.isText(key)) {
            throw InvalidEventException.unusable(
                    channel,
                    "its key has control characters, or half of a character",
                    "Use a key of printable characters.");
        }
        return key;
    }

    private static boolean isHandedOn(@Nullable IncomingEvent origin, String name, String text) {
        return origin != null && text.equals(origin.text(name));
    }

    private void text(@Nullable IncomingEvent origin, String name, String text) {
        if (text.length() > AttributeText.MAXIMUM_LENGTH) {
            throw unusable(
                    channel,
                    "its attribute '%s' has more than %d characters".formatted(name, AttributeText.MAXIMUM_LENGTH));
        }
        if (!AttributeText.isText(text) && !isHandedOn(origin, name, text)) {
            throw unusable(
                    channel, "its attribute '%s' has control characters, or half of a character".formatted(name));
        }
    }

    private void uri(@Nullable IncomingEvent origin, String name, String text, boolean absolute) {
        text(origin, name, text);
        if (!AttributeText.isUri(text, absolute) && !isHandedOn(origin, name, text)) {
            throw unusable(
                    channel,
                    "its attribute '%s' is no %s".formatted(name, absolute ? "absolute URI" : "URI reference"));
        }
    }

    // A line break in a header would let its text begin another header.
    private void header(@Nullable IncomingEvent origin, String name, String value) {
        boolean named = isHeaderName(name);
        boolean valued = value.length() <= AttributeText.MAXIMUM_LENGTH
                && (origin != null || AttributeText.isText(value.replace('\t', ' ')));
        if (HeaderNames.isReserved(name)) {
            throw unusable(channel, "'%s' is no name of a header, it belongs to the protocol".formatted(name));
        }
        if (!named || !valued) {
            throw unusable(channel, "a header has a name that is not printable, or a value with control characters");
        }
    }

    private static boolean isHeaderName(String name) {
        for (int index = 0; index < name.length(); index++) {
            char character = name.charAt(index);
            if (character <= ' ' || character >= DELETE || character == ':') {
                return false;
            }
        }
        return !name.isEmpty();
    }

    static InvalidEventException unusable(String channel, String reason) {
        return InvalidEventException.unusable(channel, reason, "Change the attribute or the header.");
    }
}
