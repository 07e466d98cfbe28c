// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Channels that are a table of a relational database.
 *
 * @param dataSource Name of the DataSource bean, if there are several.
 * @param initializeSchema Whether to create the tables if they are missing.
 * @param timeout Time allowed for a statement, and for the first connection.
 * @param pollInterval How often to look for messages that were not announced.
 * @param lease How long messages stay with a node that stopped; they are renewed while it runs.
 * @param maximumBatch Most messages that are claimed at once.
 * @param maximumBodySize Largest body that is accepted.
 * @param purgeInterval How often expired messages are deleted.
 * @since 1.0
 */
@ConfigurationProperties("mecha.bindings.jdbc")
public record JdbcBindingOptions(
        @Nullable String dataSource,
        @Nullable InitializeSchema initializeSchema,
        @Nullable Duration timeout,
        @Nullable Duration pollInterval,
        @Nullable Duration lease,
        @Nullable Integer maximumBatch,
        @Nullable DataSize maximumBodySize,
        @Nullable Duration purgeInterval) {

    /** What applies where nothing is configured. */
    public static final JdbcBindingOptions DEFAULTS =
            new JdbcBindingOptions(null, null, null, null, null, null, null, null);

    /** The choice whether the adapter creates the tables. */
    public enum InitializeSchema {

        /** This adapter, if they are missing; the default. */
        ALWAYS,

        /** The user, with the file that is shipped beside this class. */
        NEVER
    }
}
