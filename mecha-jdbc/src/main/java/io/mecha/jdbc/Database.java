// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.util.Locale;
import java.util.Optional;

/**
 * The products whose SQL the adapters speak.
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

    /**
     * Return where the statements that create tables are, beside the classes of an adapter.
     *
     * @return name of a file
     */
    public String schemaFile() {
        return "schema-" + (this == MYSQL ? MARIADB : this).name().toLowerCase(Locale.ROOT) + ".sql";
    }

    /**
     * Tell the product from a JDBC URL.
     *
     * @param url the URL
     * @return the product; empty if it is none of these
     */
    public static Optional<Database> ofUrl(String url) {
        for (Database database : values()) {
            if (url.regionMatches(true, 0, database.urlPrefix, 0, database.urlPrefix.length())) {
                return Optional.of(database);
            }
        }
        return Optional.empty();
    }

    /**
     * Tell the product from what the server calls itself.
     *
     * @param productName the name in the metadata of a connection
     * @return the product; empty if it is none of these
     */
    public static Optional<Database> ofProduct(String productName) {
        for (Database database : values()) {
            if (database.name().equalsIgnoreCase(productName)) {
                return Optional.of(database);
            }
        }
        return Optional.empty();
    }
}
