// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Database;
import io.mecha.jdbc.LocalClock;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The SQL of SQLite. */
final class SqliteDialect extends Dialect {

    private static final int MAXIMUM_VALUE_SIZE = 256 * 1024 * 1024;

    private final Bulk bulk = new BatchBulk(this);

    SqliteDialect(Table table, @Nullable LocalClock clock, @Nullable LocalClock clockOfLeases) {
        super(table, clock, clockOfLeases);
    }

    @Override
    Database database() {
        return Database.SQLITE;
    }

    private String insertRow() {
        return "insert into " + table.name() + " " + columns() + " values (?, ?, ?, " + expiry("?") + ")";
    }

    @Override
    String put() {
        return insertRow() + overwrite();
    }

    @Override
    String insert() {
        return insertRow() + " on conflict (state_key) do nothing";
    }

    @Override
    String create() {
        return insertRow() + overwrite() + " where " + table.simpleName() + "." + expired();
    }

    private static String overwrite() {
        return " on conflict (state_key) do update set state_value = excluded.state_value,"
                + " version = excluded.version, expires_at = excluded.expires_at";
    }

    @Override
    String purge() {
        return "delete from %1$s where state_key in (select state_key from %1$s where %2$s limit %3$d)"
                .formatted(table.name(), expired(), PURGE_ROWS);
    }

    @Override
    public Bulk bulk() {
        return bulk;
    }

    @Override
    public int maximumValueSize() {
        return MAXIMUM_VALUE_SIZE;
    }

    @Override
    String forUpdate() {
        return ""; // one writer at a time: the transaction is the lock
    }

    /** The driver sets the busy timeout of the whole connection, which is set once instead. */
    @Override
    public boolean cheapTimeout() {
        return false;
    }

    @Override
    boolean isDuplicate(SQLException exception) {
        String message = exception.getMessage();
        return message != null && message.toUpperCase(Locale.ROOT).contains("UNIQUE CONSTRAINT");
    }
}
