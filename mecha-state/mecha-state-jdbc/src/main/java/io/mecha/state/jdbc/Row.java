// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.spi.Mutation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A row to write; a class and not a record so that nothing prints or compares its value. */
final class Row {

    private final String key;
    private final byte[] value;
    private final String version;
    private final @Nullable Long timeToLive;

    Row(String key, byte[] value, String version, @Nullable Long timeToLive) {
        this.key = key;
        this.value = value;
        this.version = version;
        this.timeToLive = timeToLive;
    }

    static Row of(Mutation.Put put, String version) {
        Duration timeToLive = put.timeToLive();
        return new Row(
                put.key(), put.value().bytes(), version, timeToLive == null ? null : (Long) timeToLive.toMillis());
    }

    String key() {
        return key;
    }

    byte[] value() {
        return value;
    }

    String version() {
        return version;
    }

    /** Return for how many milliseconds to keep the value; {@code null} for ever. */
    @Nullable Long timeToLive() {
        return timeToLive;
    }
}
