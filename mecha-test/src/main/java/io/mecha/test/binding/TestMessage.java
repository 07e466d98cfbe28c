// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message to send. */
record TestMessage(
        @Nullable String key,
        @Nullable String contentType,
        Map<String, String> attributes,
        Map<String, String> headers,
        @SuppressWarnings("ArrayRecordComponent") // never compared
        byte @Nullable [] body,
        @Nullable Duration delay,
        @Nullable Duration timeToLive)
        implements Message {

    /** An event with text as data. */
    static TestMessage of(String text) {
        return new TestMessage(
                null,
                "text/plain",
                Map.of("specversion", "1.0", "id", UUID.randomUUID().toString(), "source", "/test", "type", "test"),
                Map.of(),
                text.getBytes(StandardCharsets.UTF_8),
                null,
                null);
    }

    @Override
    public @Nullable Object original() {
        return null;
    }

    String id() {
        return attributes.getOrDefault("id", "none");
    }

    TestMessage withKey(String key) {
        return new TestMessage(
                key, contentType, with(attributes, "partitionkey", key), headers, body, delay, timeToLive);
    }

    TestMessage withContentType(@Nullable String contentType) {
        return new TestMessage(key, contentType, attributes, headers, body, delay, timeToLive);
    }

    TestMessage withAttributes(Map<String, String> attributes) {
        return new TestMessage(key, contentType, attributes, headers, body, delay, timeToLive);
    }

    TestMessage withAttribute(String name, String value) {
        return withAttributes(with(attributes, name, value));
    }

    TestMessage withHeader(String name, String value) {
        return new TestMessage(key, contentType, attributes, with(headers, name, value), body, delay, timeToLive);
    }

    TestMessage withBody(byte @Nullable [] body) {
        return new TestMessage(key, contentType, attributes, headers, body, delay, timeToLive);
    }

    TestMessage withDelay(Duration delay) {
        return new TestMessage(key, contentType, attributes, headers, body, delay, timeToLive);
    }

    TestMessage withTimeToLive(Duration timeToLive) {
        return new TestMessage(key, contentType, attributes, headers, body, delay, timeToLive);
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
        Map<String, String> copy = new TreeMap<>(map);
        copy.put(name, value);
        return copy;
    }
}
