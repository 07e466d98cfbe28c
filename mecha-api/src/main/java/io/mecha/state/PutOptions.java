// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options of how a value is kept.
 *
 * <p>Immutable.
 *
 * @since 1.0
 */
public final class PutOptions {

    private static final PutOptions DEFAULTS = new PutOptions(null, false);
    private static final PutOptions NO_EXPIRY = new PutOptions(null, true);

    private final @Nullable Duration timeToLive;
    private final boolean unlimited;

    private PutOptions(@Nullable Duration timeToLive, boolean unlimited) {
        this.timeToLive = timeToLive;
        this.unlimited = unlimited;
    }

    /**
     * Keep the value as the store is configured: for its time to live if it has one, otherwise until it is removed.
     *
     * @return the options that apply where none are given
     */
    public static PutOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Keep the value until it is removed, whatever the store's time to live.
     *
     * @return options without an expiry
     */
    public static PutOptions noExpiry() {
        return NO_EXPIRY;
    }

    /**
     * Keep the value for a time.
     *
     * @param timeToLive counted by the backend's clock from the write; at least one millisecond, cut to milliseconds; a
     *     later write without a time to live clears the expiry
     * @return options with an expiry
     */
    public static PutOptions timeToLive(Duration timeToLive) {
        return new PutOptions(Objects.requireNonNull(timeToLive, "timeToLive"), false);
    }

    /**
     * Return how long the value is to be kept.
     *
     * @param storeDefault what the store is configured with, if anything
     * @return a duration, or {@code null} to keep the value until it is removed
     */
    public @Nullable Duration timeToLiveOr(@Nullable Duration storeDefault) {
        if (unlimited) {
            return null;
        }
        return timeToLive == null ? storeDefault : timeToLive;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PutOptions options
                && unlimited == options.unlimited
                && Objects.equals(timeToLive, options.timeToLive);
    }

    @Override
    public int hashCode() {
        return Objects.hash(timeToLive, unlimited);
    }

    @Override
    public String toString() {
        return "PutOptions[timeToLive=%s]".formatted(unlimited ? "none" : timeToLive == null ? "default" : timeToLive);
    }
}
