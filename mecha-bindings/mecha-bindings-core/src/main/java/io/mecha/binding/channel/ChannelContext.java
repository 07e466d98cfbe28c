// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.Capabilities;
import io.mecha.binding.spi.BindingBackend;

/** One channel, as its own halves and other channels see it. */
public interface ChannelContext {

    /**
     * Return the settings of the channel.
     *
     * @return its checked settings
     */
    ChannelOptions options();

    /**
     * Return the backend, which the engine closes.
     *
     * @return the backend
     */
    BindingBackend backend();

    /**
     * Return the counters since the start.
     *
     * @return live counters, not a copy
     */
    ChannelStatistics statistics();

    /**
     * Return the sending half.
     *
     * @return the same instance each time
     */
    Sending sending();

    /**
     * Return the receiving half.
     *
     * @return the same instance each time
     */
    Receiving receiving();

    /**
     * Return the name of the channel.
     *
     * @return its name in the engine, not its destination
     */
    default String name() {
        return options().name();
    }

    /**
     * Return what the backend can do.
     *
     * @return the capabilities of the backend
     */
    default Capabilities capabilities() {
        return backend().capabilities();
    }
}
