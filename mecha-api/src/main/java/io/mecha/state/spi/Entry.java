// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of a backend about a key that has a value.
 *
 * @param value the value
 * @param version opaque text that never repeats for the key; see {@link VersionSequence}
 * @param expiresAt when the value disappears, by the backend's clock; {@code null} if it does not
 * @since 1.0
 */
public record Entry(Value value, String version, @Nullable Instant expiresAt) {

    public Entry {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(version, "version");
    }
}
