// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka.autoconfigure;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;

/** The part of a channel's configuration that says how long a sender waits. */
record ChannelTimeouts(@Nullable Out out) {

    static final Bindable<Map<String, ChannelTimeouts>> MAP = Bindable.mapOf(String.class, ChannelTimeouts.class);

    record Out(@Nullable Duration timeout) {}

    @Nullable Duration timeout() {
        return out == null ? null : out.timeout();
    }
}
