// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The options that every database has in common, checked.
 *
 * @param timeout time for a statement, and for having a connection
 * @param purgeInterval time between two purges
 * @param maximumValueSize bytes; {@code null} to leave it to the dialect
 */
record Limits(
        Duration timeout, Duration purgeInterval, @Nullable Integer maximumValueSize) {

    /** What every database takes, as far as is known. */
    static final int CAUTIOUS_VALUE_SIZE = 8 * 1024 * 1024;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);
    private static final DataSize LARGEST = DataSize.ofMegabytes(512);

    /** Return the options with defaults, or add to the mistakes. */
    static Limits of(
            String store,
            String type,
            @Nullable Duration timeout,
            @Nullable Duration purgeInterval,
            @Nullable DataSize maximumValueSize,
            List<Mistake> mistakes) {
        String prefix = PropertyNames.store(store, type);
        if (timeout != null && timeout.compareTo(Duration.ofMillis(1)) < 0) {
            mistakes.add(positive(prefix + ".timeout", timeout));
        }
        if (purgeInterval != null && purgeInterval.compareTo(Duration.ofMillis(1)) < 0) {
            mistakes.add(positive(prefix + ".purge-interval", purgeInterval));
        }
        if (maximumValueSize != null && (maximumValueSize.toBytes() < 1 || maximumValueSize.compareTo(LARGEST) > 0)) {
            mistakes.add(new Mistake(
                    "MECHA-S117",
                    prefix + ".maximum-value-size",
                    "The size %s is not between 1B and 512MB.".formatted(maximumValueSize),
                    "Set a size in this range, for example 10MB."));
        }
        return new Limits(
                timeout == null ? TIMEOUT : timeout,
                purgeInterval == null ? PURGE_INTERVAL : purgeInterval,
                maximumValueSize == null ? null : (Integer) (int) maximumValueSize.toBytes());
    }

    static Limits of(String store, EmbeddedStateOptions options) {
        List<Mistake> mistakes = new ArrayList<>();
        Limits limits =
                of(store, "embedded", options.timeout(), options.purgeInterval(), options.maximumValueSize(), mistakes);
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
        return limits;
    }

    /** Return how many seconds a statement may take: whole ones, as JDBC knows no others. */
    int timeoutSeconds() {
        return (int) Math.min(Integer.MAX_VALUE / 1_000, Math.max(1, (timeout.toMillis() + 999) / 1_000));
    }

    /** Return how long to wait for the server's answer: a little longer, so that the server's own limit comes first. */
    int networkTimeoutMillis() {
        return timeoutSeconds() * 1_000 + 500;
    }

    int maximumValueSize(int ofDialect) {
        return maximumValueSize == null ? ofDialect : maximumValueSize;
    }

    private static Mistake positive(String property, Duration value) {
        return new Mistake(
                "MECHA-S116",
                property,
                "The duration %s is shorter than a millisecond.".formatted(value),
                "Set a positive duration, for example 5s.");
    }
}
