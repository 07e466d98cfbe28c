// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.spi.HeaderNames;
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

    private final String channel;
    private final @Nullable IncomingEvent origin;

    private SendChecks(String channel, @Nullable IncomingEvent origin) {
        this.channel = channel;
        this.origin = origin;
    }

    /**
     * Checks an event, of which attributes may be open.
     *
     * @param origin the event of which this is the result; {@code null} if it is none
     */
    static void check(String channel, Event<?> event, @Nullable IncomingEvent origin) {
        new SendChecks(channel, origin).check(event);
    }

    private void check(Event<?> event) {
        event.key().filter(key -> !isHandedOn("partitionkey", key)).ifPresent(key -> checkKey(channel, key));
        text("id", event.id());
        text("type", event.type());
        event.subject().ifPresent(subject -> text("subject", subject));
        event.dataContentType().ifPresent(type -> text("datacontenttype", type));
        if (!event.source().isEmpty()) {
            uri("source", event.source(), false);
        }
        event.dataSchema().ifPresent(schema -> uri("dataschema", schema, true));
        if (event.extensions().size() > AttributeText.MAXIMUM_COUNT / 2) {
            throw unusable(channel, "it has more than %d extensions".formatted(AttributeText.MAXIMUM_COUNT / 2));
        }
        event.extensions().forEach((name, value) -> text(name, AttributeText.of(value)));
        event.headers().forEach(this::header);
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

    private boolean isHandedOn(String name, String text) {
        return origin != null && text.equals(origin.text(name));
    }

    private void text(String name, String text) {
        if (text.length() > AttributeText.MAXIMUM_LENGTH) {
            throw unusable(
                    channel,
                    "its attribute '%s' has more than %d characters".formatted(name, AttributeText.MAXIMUM_LENGTH));
        }
        if (!AttributeText.isText(text) && !isHandedOn(name, text)) {
            throw unusable(
                    channel, "its attribute '%s' has control characters, or half of a character".formatted(name));
        }
    }

    private void uri(String name, String text, boolean absolute) {
        text(name, text);
        if (!AttributeText.isUri(text, absolute) && !isHandedOn(name, text)) {
            throw unusable(
                    channel,
                    "its attribute '%s' is no %s".formatted(name, absolute ? "absolute URI" : "URI reference"));
        }
    }

    // A line break in a header would let its text begin another header.
    private void header(String name, String value) {
        boolean named = !name.isEmpty()
                && name.chars().allMatch(character -> character > ' ' && character < 127 && character != ':');
        boolean valued = value.length() <= AttributeText.MAXIMUM_LENGTH
                && (origin != null || AttributeText.isText(value.replace('\t', ' ')));
        if (HeaderNames.isReserved(name)) {
            throw unusable(channel, "'%s' is no name of a header, it belongs to the protocol".formatted(name));
        }
        if (!named || !valued) {
            throw unusable(channel, "a header has a name that is not printable, or a value with control characters");
        }
    }

    static InvalidEventException unusable(String channel, String reason) {
        return InvalidEventException.unusable(channel, reason, "Change the attribute or the header.");
    }
}
