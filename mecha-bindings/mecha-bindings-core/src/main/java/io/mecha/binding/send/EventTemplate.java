// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.SendOption;
import io.mecha.binding.event.AttributeText;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that a sender sets on its events, checked once.
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
                newAttributes.put("partitionkey", SendChecks.checkKey(channel, key.key()));
            } else if (option instanceof SendOption.Delay wait) {
                newDelay = checkDuration(channel, "delay", wait.delay());
            } else if (option instanceof SendOption.TimeToLive limit) {
                newTimeToLive = checkDuration(channel, "time to live", limit.timeToLive());
            } else if (option instanceof SendOption.Header header) {
                newHeaders.put(header.name(), header.value());
            } else if (option instanceof SendOption.Attribute attribute) {
                newAttributes.put(attribute.name(), attribute.value());
            }
        }
        EventTemplate template = new EventTemplate(newAttributes, newHeaders, newDelay, newTimeToLive);
        try {
            new SendChecks(channel).check(template.apply(Event.builder()).build(), null);
        } catch (IllegalArgumentException refused) {
            throw SendChecks.unusable(channel, "an attribute cannot be used (" + refused.getMessage() + ")");
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

    private static Duration checkDuration(String channel, String what, Duration duration) {
        if (duration.compareTo(MINIMUM) < 0 || duration.compareTo(MAXIMUM) > 0) {
            throw InvalidEventException.unusable(
                    channel,
                    "its %s is %s".formatted(what, duration),
                    "Use at least 1 ms and at most %d days.".formatted(MAXIMUM.toDays()));
        }
        return duration;
    }
}
