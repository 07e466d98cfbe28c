// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Database;

/** The SQL of PostgreSQL; no statement here fails because of a lost race, which would end a surrounding transaction. */
final class PostgresDialect extends Dialect {

    private static final int MAXIMUM_VALUE_SIZE = 256 * 1024 * 1024;

    private final Bulk bulk = new ArrayBulk(this);

    PostgresDialect(Table table) {
        super(table, null);
    }

    @Override
    Database database() {
        return Database.POSTGRESQL;
    }

    private String insertRow() {
        return "insert into " + table.name() + " as t " + columns() + " values (?, ?, ?, " + expiry("?") + ")";
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
        return insertRow() + overwrite() + " where t." + expired();
    }

    static String overwrite() {
        return " on conflict (state_key) do update set state_value = excluded.state_value,"
                + " version = excluded.version, expires_at = excluded.expires_at";
    }

    @Override
    String purge() {
        return ("delete from %1$s where state_key = any(array(select state_key from %1$s where %2$s limit %3$d"
                        + " for update skip locked)) and %2$s")
                .formatted(table.name(), expired(), PURGE_ROWS);
    }

    @Override
    public Bulk bulk() {
        return bulk;
    }

    @Override
    public boolean driverHasTimers() {
        return true;
    }

    @Override
    public int maximumValueSize() {
        return MAXIMUM_VALUE_SIZE;
    }
}
