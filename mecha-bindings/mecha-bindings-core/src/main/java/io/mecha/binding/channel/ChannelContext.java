// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.Capabilities;
import io.mecha.binding.spi.BindingBackend;

/** One channel, as its own halves and other channels see it. */
public interface ChannelContext {

    ChannelOptions options();

    BindingBackend backend();

    ChannelStatistics statistics();

    Sending sending();

    Receiving receiving();

    default String name() {
        return options().name();
    }

    default Capabilities capabilities() {
        return backend().capabilities();
    }
}
