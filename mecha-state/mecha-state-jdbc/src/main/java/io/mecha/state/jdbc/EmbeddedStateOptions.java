// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * State in an embedded SQLite file.
 *
 * @param timeout Time that a call waits for others that write.
 * @param purgeInterval How often expired rows are deleted.
 * @param maximumValueSize Largest value that is accepted, at most 512MB.
 * @since 1.0
 */
@ConfigurationProperties("mecha.state.embedded")
public record EmbeddedStateOptions(
        @Nullable Duration timeout,
        @Nullable Duration purgeInterval,
        @Nullable DataSize maximumValueSize) {

    /** What applies where nothing is configured. */
    public static final EmbeddedStateOptions DEFAULTS = new EmbeddedStateOptions(null, null, null);
}
