// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A product whose SQL the adapters speak.
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

    private static final int MYSQL_DEADLOCK = 1213;
    private static final int MYSQL_LOCK_WAIT = 1205;
    private static final int MYSQL_NUMBER_WAIT = 1467;
    private static final int MYSQL_CHANGED_SINCE_READ = 1020;

    /** A table was made after the transaction took its snapshot. */
    private static final int MYSQL_TABLE_NEWER_THAN_SNAPSHOT = 1412;

    private static final int H2_LOCK_TIMEOUT = 50200;
    private static final int H2_CONCURRENT_UPDATE = 90131;
    private static final int SQLITE_BUSY = 5;

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
     * Return the expression for the current time of the server, in milliseconds since the epoch.
     *
     * @return an expression, evaluated when a statement runs; in H2 when its transaction begins
     */
    public String now() {
        return switch (this) {
            case POSTGRESQL -> "(extract(epoch from clock_timestamp()) * 1000)::bigint";
            case H2 -> "cast(extract(epoch from current_timestamp(3)) * 1000 as bigint)";
            case SQLITE -> "cast(round(unixepoch('subsec') * 1000) as integer)";
            // In UTC throughout, because local time repeats an hour each autumn.
            case MARIADB, MYSQL -> "(timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000)";
        };
    }

    /**
     * Return the expression for the current time of the server, in microseconds since the epoch, as fine as the server has it.
     *
     * @return an expression, evaluated when a statement runs; in H2 when its transaction begins
     */
    public String nowMicros() {
        return switch (this) {
            case POSTGRESQL -> "(extract(epoch from clock_timestamp()) * 1000000)::bigint";
            case H2 -> "cast(extract(epoch from current_timestamp(6)) * 1000000 as bigint)";
            case SQLITE -> "cast(round(unixepoch('subsec') * 1000) * 1000 as integer)";
            case MARIADB, MYSQL -> "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))";
        };
    }

    /**
     * Return what to run before a transaction; it holds for the next one only.
     *
     * @return a statement that spares MariaDB the gap locks that make inserts deadlock; {@code null} if there is nothing to run
     */
    public @Nullable String beforeTransaction() {
        return this == MARIADB || this == MYSQL ? "set transaction isolation level read committed" : null;
    }

    /**
     * Tell whether the server undid a statement or a transaction in favour of another, so that it works when it is run again.
     *
     * @param failure what the driver reported, unwrapped
     * @return whether it did
     */
    public boolean isTransient(SQLException failure) {
        String state = failure.getSQLState();
        int code = failure.getErrorCode();
        boolean undone = state != null && state.startsWith("40") && !state.equals("40003");
        return switch (this) {
            case POSTGRESQL -> undone;
            case MARIADB, MYSQL ->
                undone
                        || code == MYSQL_DEADLOCK
                        || code == MYSQL_LOCK_WAIT
                        || code == MYSQL_NUMBER_WAIT
                        || code == MYSQL_CHANGED_SINCE_READ
                        || code == MYSQL_TABLE_NEWER_THAN_SNAPSHOT;
            case H2 -> undone || code == H2_LOCK_TIMEOUT || code == H2_CONCURRENT_UPDATE;
            case SQLITE -> (code & 0xff) == SQLITE_BUSY;
        };
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
