// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value with the version it was read at.
 *
 * @param <V> type of the value
 * @param value the value
 * @param version opaque text, usable as an HTTP entity tag; differs after every write of the key and never repeats for
 *     it, not even after the key was removed and written again
 * @param expiresAt when the value disappears, by the backend's clock; {@code null} if it does not
 * @since 1.0
 */
public record Versioned<V>(
        V value, String version, @Nullable Instant expiresAt) {

    public Versioned {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(version, "version");
    }
}
