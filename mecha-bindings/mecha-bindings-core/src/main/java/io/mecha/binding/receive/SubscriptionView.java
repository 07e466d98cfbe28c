// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.Ordering;
import io.mecha.binding.Subscription;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A view of a subscription, with its state at the time of each call.
 *
 * @since 1.0
 */
public final class SubscriptionView {

    private final HandlerSubscription<?> subscription;

    SubscriptionView(HandlerSubscription<?> subscription) {
        this.subscription = subscription;
    }

    /**
     * Return the group.
     *
     * @return its name
     */
    public String group() {
        return subscription.group();
    }

    /**
     * Return what it does now.
     *
     * @return the state
     */
    public Subscription.State state() {
        return subscription.state();
    }

    /**
     * Tell whether it receives without being resumed first.
     *
     * @return the setting {@code in.auto-start}
     */
    public boolean autoStart() {
        return subscription.settings().autoStart();
    }

    /**
     * Count messages that were taken and are not finished.
     *
     * @return zero or more
     */
    public int inFlight() {
        return subscription.inFlight();
    }

    /**
     * Return how many messages are handled at once on this node.
     *
     * @return at least 1
     */
    public int concurrency() {
        return subscription.settings().concurrency();
    }

    /**
     * Return which messages wait for each other.
     *
     * @return the ordering
     */
    public Ordering ordering() {
        return subscription.settings().ordering();
    }

    /**
     * Return the event types it takes.
     *
     * @return a copy; empty for all
     */
    public List<String> types() {
        return subscription.types();
    }

    /**
     * Return the channel of its dead letters.
     *
     * @return name of a channel; {@code null} for none
     */
    public @Nullable String deadLetter() {
        return subscription.deadLetters().name();
    }

    /**
     * Ask the backend how many messages lie in the dead letter that the group has not sent back, those of other groups included.
     *
     * @return zero or more; empty if there is no dead letter, or its backend cannot tell now
     */
    public OptionalLong deadLetters() {
        return subscription.deadLetters().count();
    }

    /**
     * Ask the backend how many messages the group has not acknowledged.
     *
     * @return zero or more; empty if it cannot tell now
     */
    public OptionalLong lag() {
        return subscription.consumer().channel().receiving().lag(group());
    }
}
