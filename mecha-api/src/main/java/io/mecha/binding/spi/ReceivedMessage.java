// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message that came over a wire. */
record ReceivedMessage(
        @Nullable String key,
        @Nullable String contentType,
        Map<String, String> attributes,
        Map<String, String> headers,
        @SuppressWarnings("ArrayRecordComponent") // never compared
        byte @Nullable [] body,
        @Nullable Object original)
        implements Message {

    @Override
    public @Nullable Duration delay() {
        return null;
    }

    @Override
    public @Nullable Duration timeToLive() {
        return null;
    }

    /** Tells neither headers nor body. */
    @Override
    public String toString() {
        return "Message[key=%s, contentType=%s, id=%s]".formatted(key, contentType, attributes.get("id"));
    }
}
