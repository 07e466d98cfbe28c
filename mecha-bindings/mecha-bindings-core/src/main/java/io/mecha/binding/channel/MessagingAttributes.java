// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.micrometer.common.KeyValues;

/**
 * The tags of the observations of a channel: few and alike for sends and receives, for meters, and those of OpenTelemetry
 * for spans alone.
 *
 * <p>Source: OpenTelemetry semantic conventions 1.37, "Messaging spans".
 */
public final class MessagingAttributes {

    public static final String OUTCOME = "outcome";
    public static final String MESSAGE_ID = "messaging.message.id";
    public static final String MESSAGE_COUNT = "messaging.batch.message_count";

    /** The outcome until there is one. */
    static final String NONE = "none";

    public static final String ERROR = "error";

    private MessagingAttributes() {}

    /** Returns what meters and spans get. */
    public static KeyValues meters(ChannelOptions channel) {
        return KeyValues.of("channel", channel.name(), "type", channel.type(), OUTCOME, NONE);
    }

    /**
     * Returns what spans get.
     *
     * @param operation {@code send} or {@code process}
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
