// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Database;
import io.mecha.jdbc.LocalClock;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The SQL of H2. A server's clock stands still within a transaction, so what expires meanwhile is seen until it ends. */
final class H2Dialect extends Dialect {

    private static final int DUPLICATE = 23505;
    private static final int MAXIMUM_VALUE_SIZE = 256 * 1024 * 1024;

    private final Bulk bulk = new BatchBulk(this);

    H2Dialect(Table table, @Nullable LocalClock clock) {
        super(table, clock);
    }

    @Override
    Database database() {
        return Database.H2;
    }

    @Override
    String typed(String parameter) {
        return "cast(" + parameter + " as bigint)";
    }

    @Override
    String put() {
        return "merge into " + table.name() + " " + columns() + " key (state_key) values (?, ?, ?, "
                + expiry(typed("?")) + ")";
    }

    @Override
    String insert() {
        return "insert into " + table.name() + " " + columns() + " values (?, ?, ?, " + expiry(typed("?")) + ")";
    }

    @Override
    @Nullable String create() {
        return null;
    }

    @Override
    String purge() {
        return "delete from %s where %s fetch first %d rows only".formatted(table.name(), expired(), PURGE_ROWS);
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
    boolean binaryKeys() {
        return true;
    }

    /** The timeout would stay with the session, and thus with the pool's connection. */
    @Override
    public boolean cheapTimeout() {
        return false;
    }

    /** An index lives in the schema of its table, and has to say so. */
    @Override
    String indexPrefix() {
        return table.name();
    }

    @Override
    boolean isDuplicate(SQLException exception) {
        return exception.getErrorCode() == DUPLICATE;
    }

    /** A merge fails with a duplicate key when another inserts the key first; it finds the row when it runs again. */
    @Override
    public boolean isTransient(SQLException exception) {
        return super.isTransient(exception) || isDuplicate(exception);
    }
}
