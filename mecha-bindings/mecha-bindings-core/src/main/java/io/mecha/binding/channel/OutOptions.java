// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.binding.Overflow;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of a channel for sending.
 *
 * @param key where the key of an event comes from that sets none: {@code subject}, {@code type}, {@code id}, {@code source}, the
 *     name of an extension, or a JSON pointer into the data such as {@code /customer/id}; {@code null} for none
 * @param type type of events that set none; {@code null} for the name of the payload's class
 * @param timeToLive after which events expire that do not say it themselves; {@code null} for never
 * @param outbox whether events are kept in the application's database until the backend has them
 * @param delayStore name of the state store that keeps delayed events where the backend cannot; {@code null} for none
 * @param timeout how long a send may take
 * @param overflow what happens while too many sends wait
 * @param maxInFlight most sends that are not confirmed; at least 1
 * @since 1.0
 */
public record OutOptions(
        @Nullable String key,
        @Nullable String type,
        @Nullable Duration timeToLive,
        boolean outbox,
        @Nullable String delayStore,
        Duration timeout,
        Overflow overflow,
        int maxInFlight) {

    /** What applies where nothing is said. */
    public static final OutOptions DEFAULT =
            new OutOptions(null, null, null, false, null, Duration.ofSeconds(30), Overflow.BLOCK, 10_000);

    public OutOptions {
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(overflow, "overflow");
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("A channel cannot have %d sends in flight".formatted(maxInFlight));
        }
    }

    /**
     * Keep delayed events elsewhere.
     *
     * @param other name of a state store; {@code null} for none
     * @return options that are otherwise the same
     */
    public OutOptions withDelayStore(@Nullable String other) {
        return new OutOptions(key, type, timeToLive, outbox, other, timeout, overflow, maxInFlight);
    }

    /**
     * Send without an outbox.
     *
     * @return options that are otherwise the same
     */
    public OutOptions withoutOutbox() {
        return new OutOptions(key, type, timeToLive, false, delayStore, timeout, overflow, maxInFlight);
    }
}
