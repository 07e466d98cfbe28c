// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.state.spi.Mutation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A row to write; a class and not a record so that nothing prints or compares its value. */
public final class Row {

    private final String key;
    private final byte[] value;
    private final String version;
    private final @Nullable Long timeToLive;

    /**
     * Make a row.
     *
     * @param key the key
     * @param value the bytes, not copied
     * @param version the version to write
     * @param timeToLive for how many milliseconds to keep it; {@code null} for ever
     */
    public Row(String key, byte[] value, String version, @Nullable Long timeToLive) {
        this.key = key;
        this.value = value;
        this.version = version;
        this.timeToLive = timeToLive;
    }

    /**
     * Make the row of a put.
     *
     * @param put key, value and time to live
     * @param version the version to write
     * @return the row
     */
    public static Row of(Mutation.Put put, String version) {
        Duration timeToLive = put.timeToLive();
        return new Row(
                put.key(), put.value().bytes(), version, timeToLive == null ? null : (Long) timeToLive.toMillis());
    }

    /**
     * Return the key.
     *
     * @return the key
     */
    public String key() {
        return key;
    }

    /**
     * Return the value.
     *
     * @return the bytes, not copied
     */
    public byte[] value() {
        return value;
    }

    /**
     * Return the version.
     *
     * @return the version to write
     */
    public String version() {
        return version;
    }

    /** Return for how many milliseconds to keep the value; {@code null} for ever. */
    @Nullable Long timeToLive() {
        return timeToLive;
    }
}
