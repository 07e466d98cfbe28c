// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Event;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.receive.SubscriptionView;
import io.mecha.binding.spi.Message;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * A view of a channel for health checks, metrics and the actuator.
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
     * Tell whether messages never leave this JVM.
     *
     * @return whether nothing comes from outside, and what is not taken at the end of the JVM is gone
     */
    public boolean isLocal() {
        return channel.backend().isLocal();
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
     * Count the events that the outbox keeps and the backend does not have yet.
     *
     * @return zero or more, a second old at most; empty if the channel has no outbox, or its database does not answer now
     */
    public OptionalLong outboxBacklog() {
        return channel.sending().backlog();
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
     * Read a message of the channel as a subscription would.
     *
     * @param <T> type of the payload
     * @param message the message
     * @param payload type of the payload; {@code T}
     * @return the events; more than one, or none, only for a batch
     * @throws io.mecha.binding.InvalidEventException if it holds no event with such a payload
     */
    public <T> List<Event<T>> read(Message message, Type payload) {
        return channel.read(message, payload);
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
