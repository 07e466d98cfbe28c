// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.SendOption;
import io.mecha.binding.spi.HeaderNames;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a sender sets on its events, checked once.
 *
 * @param attributes attributes and extensions by name, the key as {@code partitionkey}
 * @param headers headers by name
 * @param delay {@code null} for now
 * @param timeToLive {@code null} for never
 */
record EventTemplate(
        Map<String, Object> attributes,
        Map<String, String> headers,
        @Nullable Duration delay,
        @Nullable Duration timeToLive) {

    static final int MAXIMUM_KEY_LENGTH = 512;

    private static final Duration MINIMUM = Duration.ofMillis(1);
    private static final Duration MAXIMUM = Duration.ofDays(36_500);

    static EventTemplate of(@Nullable Duration timeToLive) {
        return new EventTemplate(Map.of(), Map.of(), null, timeToLive);
    }

    /** Adds options; of several of one kind the last one counts. */
    EventTemplate with(String channel, SendOption... options) {
        Map<String, Object> newAttributes = new LinkedHashMap<>(attributes);
        Map<String, String> newHeaders = new LinkedHashMap<>(headers);
        Duration newDelay = delay;
        Duration newTimeToLive = timeToLive;
        for (SendOption option : options) {
            if (option instanceof SendOption.Key key) {
                newAttributes.put("partitionkey", checkKey(channel, key.key()));
            } else if (option instanceof SendOption.Delay wait) {
                newDelay = checkDuration(channel, "delay", wait.delay());
            } else if (option instanceof SendOption.TimeToLive limit) {
                newTimeToLive = checkDuration(channel, "time to live", limit.timeToLive());
            } else if (option instanceof SendOption.Header header) {
                checkHeader(channel, header);
                newHeaders.put(header.name(), header.value());
            } else if (option instanceof SendOption.Attribute attribute) {
                newAttributes.put(attribute.name(), attribute.value());
            }
        }
        EventTemplate template = new EventTemplate(newAttributes, newHeaders, newDelay, newTimeToLive);
        try {
            check(channel, template.apply(Event.builder()).build());
        } catch (IllegalArgumentException refused) {
            throw unusable(channel, "an attribute cannot be used (" + refused.getMessage() + ")");
        }
        return template;
    }

    /** Sets what this template says. */
    <T> Event.Builder<T> apply(Event.Builder<T> event) {
        attributes.forEach((name, value) -> set(event, name, value));
        headers.forEach(event::header);
        return event;
    }

    private static void set(Event.Builder<?> event, String name, Object value) {
        switch (name) {
            case "id" -> event.id(AttributeText.of(value));
            case "source" -> event.source(AttributeText.of(value));
            case "type" -> event.type(AttributeText.of(value));
            case "subject" -> event.subject(AttributeText.of(value));
            case "dataschema" -> event.dataSchema(AttributeText.of(value));
            case "datacontenttype" -> event.dataContentType(AttributeText.of(value));
            case "partitionkey" -> event.key(AttributeText.of(value));
            case "time" -> event.time(time(value));
            default -> event.extension(name, value);
        }
    }

    private static Instant time(Object value) {
        if (value instanceof Instant time) {
            return time;
        }
        throw new IllegalArgumentException("The attribute 'time' is an Instant");
    }

    /** Refuses what no receiver would take; for events and options that an application makes itself. */
    static void check(String channel, Event<?> event) {
        event.key().ifPresent(key -> checkKey(channel, key));
        checkLength(channel, "id", event.id());
        checkLength(channel, "source", event.source());
        checkLength(channel, "type", event.type());
        event.subject().ifPresent(subject -> checkLength(channel, "subject", subject));
        event.dataSchema().ifPresent(schema -> checkUri(channel, "dataschema", schema));
        if (!event.source().isEmpty()) {
            checkUri(channel, "source", event.source());
        }
        if (event.extensions().size() > AttributeText.MAXIMUM_COUNT / 2) {
            throw unusable(channel, "it has more than %d extensions".formatted(AttributeText.MAXIMUM_COUNT / 2));
        }
        event.extensions().forEach((name, value) -> checkLength(channel, name, AttributeText.of(value)));
        event.headers().forEach((name, value) -> checkHeader(channel, new SendOption.Header(name, value)));
    }

    static String checkKey(String channel, String key) {
        if (key.isEmpty() || key.length() > MAXIMUM_KEY_LENGTH) {
            throw InvalidEventException.unusable(
                    channel,
                    "its key has %d characters".formatted(key.length()),
                    "Use a key of 1 to %d characters.".formatted(MAXIMUM_KEY_LENGTH));
        }
        return key;
    }

    private static Duration checkDuration(String channel, String what, Duration duration) {
        if (duration.compareTo(MINIMUM) < 0 || duration.compareTo(MAXIMUM) > 0) {
            throw InvalidEventException.unusable(
                    channel,
                    "its %s is %s".formatted(what, duration),
                    "Use at least 1 ms and at most %d days.".formatted(MAXIMUM.toDays()));
        }
        return duration;
    }

    private static void checkLength(String channel, String name, String text) {
        if (text.length() > AttributeText.MAXIMUM_LENGTH) {
            throw unusable(
                    channel,
                    "its attribute '%s' has more than %d characters".formatted(name, AttributeText.MAXIMUM_LENGTH));
        }
    }

    private static void checkUri(String channel, String name, String text) {
        checkLength(channel, name, text);
        try {
            URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw unusable(channel, "its attribute '%s' is no URI reference".formatted(name));
        }
    }

    // A line break in a header would let its text begin another header.
    private static void checkHeader(String channel, SendOption.Header header) {
        boolean name = !header.name().isEmpty()
                && header.name().chars().allMatch(character -> character > ' ' && character < 127 && character != ':');
        boolean value = header.value().length() <= AttributeText.MAXIMUM_LENGTH
                && header.value().chars().noneMatch(character -> character < ' ' && character != '\t');
        if (!name || !value) {
            throw unusable(channel, "a header has a name that is not printable, or a value with control characters");
        }
        if (HeaderNames.isReserved(header.name())) {
            throw unusable(channel, "'%s' is no name of a header, it belongs to the protocol".formatted(header.name()));
        }
    }

    private static InvalidEventException unusable(String channel, String reason) {
        return InvalidEventException.unusable(channel, reason, "Change the attribute or the header.");
    }
}
