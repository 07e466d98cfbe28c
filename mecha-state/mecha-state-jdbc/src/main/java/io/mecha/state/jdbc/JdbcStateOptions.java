// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.Database;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * State in a relational database.
 *
 * @param dataSource Name of the DataSource bean, if there are several.
 * @param table Table that holds the state, optionally with its schema.
 * @param initializeSchema Whether to create the table if it is missing.
 * @param dialect Database product, if the JDBC URL does not show it.
 * @param timeout Time allowed for a statement, and for the first connection.
 * @param groupCommit Whether to write the values of concurrent callers in one transaction; PostgreSQL, MariaDB and MySQL only.
 * @param purgeInterval How often expired rows are deleted.
 * @param maximumValueSize Largest value that is accepted, at most 512MB.
 * @since 1.0
 */
@ConfigurationProperties("mecha.state.jdbc")
public record JdbcStateOptions(
        @Nullable String dataSource,
        @Nullable String table,
        @Nullable InitializeSchema initializeSchema,
        @Nullable Database dialect,
        @Nullable Duration timeout,
        @Nullable Boolean groupCommit,
        @Nullable Duration purgeInterval,
        @Nullable DataSize maximumValueSize) {

    /** What applies where nothing is configured. */
    public static final JdbcStateOptions DEFAULTS =
            new JdbcStateOptions(null, null, null, null, null, null, null, null);

    /** The choice whether the adapter creates the table. */
    public enum InitializeSchema {

        /** This adapter, if the table is missing; the default. */
        ALWAYS,

        /** The user, with the file that is shipped beside this class. */
        NEVER
    }
}
