// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.codec.GenericType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;

/**
 * The channels of the application by name, to send to and to subscribe handlers to.
 *
 * <p>Thread-safe. Look a sender up once and keep it.
 *
 * @since 1.0
 */
public interface Bindings {

    /**
     * Return a sender of payloads of a class.
     *
     * @param <T> type of the payload
     * @param channel name of the channel, as under {@code mecha.bindings.channels}
     * @param type class of the payload
     * @return the sender
     * @throws UnknownChannelException if no channel has this name and none may be created for it
     * @throws io.mecha.InvalidConfigurationException if nothing can be sent to the channel
     */
    <T> Sender<T> sender(String channel, Class<T> type);

    /**
     * Return a sender of payloads of a generic type.
     *
     * @param <T> type of the payload
     * @param channel name of the channel
     * @param type type of the payload, as in {@code new GenericType<List<Order>>() {}}
     * @return the sender
     * @throws UnknownChannelException if no channel has this name and none may be created for it
     * @throws io.mecha.InvalidConfigurationException if nothing can be sent to the channel
     */
    <T> Sender<T> sender(String channel, GenericType<T> type);

    /**
     * Return a sender of payloads of a type that is known only by reflection.
     *
     * @param channel name of the channel
     * @param type type of the payload
     * @return the sender
     * @throws UnknownChannelException if no channel has this name and none may be created for it
     * @throws io.mecha.InvalidConfigurationException if nothing can be sent to the channel
     */
    Sender<?> sender(String channel, Type type);

    /**
     * Return what calls the operations of a channel.
     *
     * @param name name of the channel
     * @return the channel
     * @throws UnknownChannelException if no channel has this name and none may be created for it
     */
    Channel channel(String name);

    /**
     * Receive events one by one.
     *
     * @param <T> type of the payload
     * @param spec what to receive, and how
     * @param handler called for each event, on several threads at once if the concurrency says so
     * @return the subscription, which receives already unless {@code autoStart} is off
     * @throws io.mecha.InvalidConfigurationException if the channel cannot give what the specification asks for
     */
    <T> Subscription subscribe(SubscriptionSpec<T> spec, Handler<? super T> handler);

    /**
     * Receive events one by one, with outcomes that come later.
     *
     * @param <T> type of the payload
     * @param spec what to receive, and how
     * @param handler called for each event
     * @return the subscription
     * @throws io.mecha.InvalidConfigurationException if the channel cannot give what the specification asks for
     */
    <T> Subscription subscribeAsync(SubscriptionSpec<T> spec, AsyncHandler<? super T> handler);

    /**
     * Receive several events in one call.
     *
     * @param <T> type of the payload
     * @param spec what to receive, and how
     * @param handler called for each batch
     * @return the subscription
     * @throws io.mecha.InvalidConfigurationException if the channel cannot give what the specification asks for
     */
    <T> Subscription subscribeBatch(SubscriptionSpec<T> spec, BatchHandler<? super T> handler);

    /**
     * Send what lies in a dead letter back to where it failed: to the channel it came from, for the group that failed. Dead letters
     * whose marks no key verifies stay where they are.
     *
     * @param channel name of the channel whose dead letters to send back
     * @param group the group that failed to handle them
     * @param limit most messages to send back; at least 1
     * @return how many were sent back; fewer than the limit if there are no more
     * @throws io.mecha.InvalidConfigurationException if the channel has no dead letter
     */
    default int redrive(String channel, String group, int limit) {
        return redrive(RedriveRequest.of(channel, group, limit)).redriven();
    }

    /**
     * Send what lies in a dead letter back to where it failed: to the channel it came from, for the group that failed.
     *
     * @param request which dead letters to send back
     * @return how many were sent back, and how many stay because nobody known has signed them
     * @throws io.mecha.InvalidConfigurationException if the channel has no dead letter
     */
    RedriveResult redrive(RedriveRequest request);

    /**
     * Return the subscriptions that are not closed.
     *
     * @return a copy, by channel and group
     */
    List<Subscription> subscriptions();

    /**
     * Return the channels that are there now.
     *
     * @return names in alphabetical order; a copy
     */
    Set<String> names();
}
