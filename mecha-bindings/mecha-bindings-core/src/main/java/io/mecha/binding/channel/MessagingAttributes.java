// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.runtime.metrics.ObservationGuard;
import io.micrometer.common.KeyValues;

/**
 * The tags of the observations of a channel: few and alike for sends and receives, for meters, and those of OpenTelemetry
 * for spans alone.
 *
 * <p>Source: OpenTelemetry semantic conventions 1.37, "Messaging spans".
 */
public final class MessagingAttributes {

    /** The attribute for the id of a single event, for spans only. */
    public static final String MESSAGE_ID = "messaging.message.id";

    /** The attribute for the number of events in a batch, for spans only. */
    public static final String MESSAGE_COUNT = "messaging.batch.message_count";

    /** The outcome until there is one. */
    static final String NONE = "none";

    /** The outcome of a send or of a handler call that failed. */
    public static final String ERROR = "error";

    private MessagingAttributes() {}

    /**
     * Return the tags of meters and spans.
     *
     * @param channel the channel that is observed
     * @return channel, type, and {@code none} as the outcome
     */
    public static KeyValues meters(ChannelOptions channel) {
        return KeyValues.of("channel", channel.name(), "type", channel.type(), ObservationGuard.OUTCOME, NONE);
    }

    /**
     * Return the attributes of spans alone.
     *
     * @param channel the channel that is observed
     * @param operation {@code send} or {@code process}
     * @return system, destination and operation
     */
    public static KeyValues spans(ChannelOptions channel, String operation) {
        return KeyValues.of(
                "messaging.system",
                channel.type(),
                "messaging.destination.name",
                channel.destination(),
                "messaging.operation.name",
                operation,
                "messaging.operation.type",
                operation);
    }
}
