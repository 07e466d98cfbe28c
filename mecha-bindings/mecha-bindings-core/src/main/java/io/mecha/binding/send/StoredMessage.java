// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.spi.Message;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that was kept for a while, and is not to be delayed again.
 *
 * @param kept the message
 * @param timeToLive what is left of it
 */
record StoredMessage(Message kept, @Nullable Duration timeToLive) implements Message {

    @Override
    public @Nullable String key() {
        return kept.key();
    }

    @Override
    public @Nullable String contentType() {
        return kept.contentType();
    }

    @Override
    public Map<String, String> attributes() {
        return kept.attributes();
    }

    @Override
    public Map<String, String> headers() {
        return kept.headers();
    }

    @Override
    public byte @Nullable [] body() {
        return kept.body();
    }

    @Override
    public @Nullable Duration delay() {
        return null;
    }

    @Override
    public @Nullable Object original() {
        return kept.original();
    }
}
