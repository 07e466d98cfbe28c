// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Encoding;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.OutOptions;

/** Settings of channels for tests of sending. */
final class Channels {

    private Channels() {}

    static ChannelOptions options(String name, Encoding encoding, boolean immutableValues) {
        return new ChannelOptions(
                name,
                "fake",
                name,
                encoding,
                null,
                "/mecha",
                immutableValues,
                SubscriptionOptions.none(),
                OutOptions.DEFAULT);
    }

    static ChannelOptions options(String name, OutOptions out) {
        return new ChannelOptions(
                name, "fake", name, Encoding.BINARY, null, "/mecha", false, SubscriptionOptions.none(), out);
    }
}
