// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Show a channel to health checks, metrics and the actuator.
 *
 * <p>Thread-safe; tells at each call how things are then.
 *
 * @since 1.0
 */
public final class ChannelView {

    private final ChannelComponent channel;

    ChannelView(ChannelComponent channel) {
        this.channel = channel;
    }

    /**
     * Return the name.
     *
     * @return name of the channel
     */
    public String name() {
        return channel.name();
    }

    /**
     * Return how the channel is set up.
     *
     * @return the settings
     */
    public ChannelOptions options() {
        return channel.options();
    }

    /**
     * Return what the backend can do.
     *
     * @return simple names of the capabilities, in alphabetical order; unmodifiable
     */
    public Set<String> capabilities() {
        Set<String> names = new TreeSet<>();
        channel.capabilities().types().forEach(type -> names.add(type.getSimpleName()));
        return Collections.unmodifiableSet(names);
    }

    /**
     * Return what happened so far.
     *
     * @return the counters of the channel
     */
    public ChannelStatistics statistics() {
        return channel.statistics();
    }

    /**
     * Return what receives from the channel on this node.
     *
     * @return the subscriptions that are not closed; a copy
     */
    public List<SubscriptionView> subscriptions() {
        return channel.receiving().views();
    }

    /**
     * Ask the backend for a sign of life.
     *
     * @throws io.mecha.MechaException if there is none
     */
    public void ping() {
        channel.backend().ping();
    }
}
