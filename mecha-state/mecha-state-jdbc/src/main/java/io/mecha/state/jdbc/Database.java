// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.util.Locale;
import java.util.Optional;

/**
 * Name the products whose SQL this adapter speaks.
 *
 * @since 1.0
 */
public enum Database {

    /** PostgreSQL 14 and later. */
    POSTGRESQL("jdbc:postgresql:"),

    /** MariaDB 10.5 and later. */
    MARIADB("jdbc:mariadb:"),

    /** MySQL 8.0 and later. */
    MYSQL("jdbc:mysql:"),

    /** H2 2.2 and later. */
    H2("jdbc:h2:"),

    /** SQLite 3.42 and later. */
    SQLITE("jdbc:sqlite:");

    private final String urlPrefix;

    Database(String urlPrefix) {
        this.urlPrefix = urlPrefix;
    }

    Dialect dialect(Table table) {
        return switch (this) {
            case POSTGRESQL -> new PostgresDialect(table);
            case MARIADB, MYSQL -> new MariaDbDialect(table);
            case H2 -> new H2Dialect(table);
            case SQLITE -> new SqliteDialect(table);
        };
    }

    /** Return where the statements that create the table are, beside this class. */
    String schemaFile() {
        return "schema-" + (this == MYSQL ? MARIADB : this).name().toLowerCase(Locale.ROOT) + ".sql";
    }

    static Optional<Database> ofUrl(String url) {
        for (Database database : values()) {
            if (url.regionMatches(true, 0, database.urlPrefix, 0, database.urlPrefix.length())) {
                return Optional.of(database);
            }
        }
        return Optional.empty();
    }

    static Optional<Database> ofProduct(String productName) {
        for (Database database : values()) {
            if (database.name().equalsIgnoreCase(productName)) {
                return Optional.of(database);
            }
        }
        return Optional.empty();
    }
}
