// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.deadletter;

import io.mecha.binding.spi.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forms of a dead letter, each with less of the event than the one before, for backends that refuse more for good.
 */
public enum DeadLetterForm {
    /** The event, where it failed, and why. */
    WHOLE,
    /** The event, and where it failed. */
    BARE,
    /** Where it failed, and where the event lies, which the log of its channel keeps. */
    POINTER;

    private static final List<String> CONTEXT = List.of("specversion", "id", "source", "type", "subject", "time");

    /**
     * Return what to write if this much is refused for good.
     *
     * @param kept whether the log of the channel keeps the event
     * @return a form with less; {@code null} if nothing is left to try
     */
    public @Nullable DeadLetterForm less(boolean kept) {
        return switch (this) {
            case WHOLE -> BARE;
            case BARE -> kept ? POINTER : null;
            case POINTER -> null;
        };
    }

    /** Leaves of a message what says which event it is. */
    static Message withoutData(Message message) {
        Map<String, String> attributes = new LinkedHashMap<>(message.attributes());
        attributes.keySet().retainAll(CONTEXT);
        return Message.received(message.key(), null, attributes, Map.of(), null);
    }
}
