// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.Precondition;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Write and read text. */
public final class Writes {

    private Writes() {}

    public static Mutation.Put put(String key, String value) {
        return put(key, value, null, Precondition.NONE);
    }

    public static Mutation.Put put(String key, String value, Duration timeToLive) {
        return put(key, value, timeToLive, Precondition.NONE);
    }

    public static Mutation.Put putIfAbsent(String key, String value) {
        return put(key, value, null, Precondition.ABSENT);
    }

    public static Mutation.Put replace(String key, String value, String version) {
        return put(key, value, null, Precondition.version(version));
    }

    private static Mutation.Put put(String key, String value, Duration timeToLive, Precondition precondition) {
        return new Mutation.Put(key, Value.of(value.getBytes(StandardCharsets.UTF_8)), timeToLive, precondition);
    }

    public static Mutation.Remove remove(String key) {
        return new Mutation.Remove(key, Precondition.NONE);
    }

    public static String version(WriteResult result) {
        return ((Written) result).version();
    }

    /** Return the value as text, or {@code null}. */
    public static String text(StateBackend backend, String key) {
        Entry entry = backend.read(key);
        return entry == null ? null : new String(entry.value().bytes(), StandardCharsets.UTF_8);
    }
}
