// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** The SQL of MariaDB. */
class MariaDbDialect extends Dialect {

    private static final int DUPLICATE = 1062;
    private static final int PACKET = 16 * 1024 * 1024;
    private static final int MAXIMUM_VALUE_SIZE = 256 * 1024 * 1024;
    private static final int STATEMENT_SIZE = 64 * 1024;

    private final Bulk bulk = new BatchBulk(this);

    MariaDbDialect(Table table) {
        super(table, null);
    }

    @Override
    Database database() {
        return Database.MARIADB;
    }

    @Override
    String put() {
        return insert() + " on duplicate key update state_value = values(state_value), version = values(version),"
                + " expires_at = values(expires_at)";
    }

    /** Fails on a duplicate key, which does not end a transaction here; the count of an upsert is ambiguous. */
    @Override
    String insert() {
        return "insert into " + table.name() + " " + columns() + " values (?, ?, ?, " + expiry("?") + ")";
    }

    /**
     * Does not fail on a duplicate key, of which the driver would warn with the key. The expiry is written last, because
     * what is written before looks at it.
     */
    @Override
    @Nullable String create() {
        String set = "%1$s = if(" + expired() + ", values(%1$s), %1$s)";
        return insert() + " on duplicate key update " + set.formatted("state_value") + ", " + set.formatted("version")
                + ", " + set.formatted("expires_at") + " returning version";
    }

    @Override
    public boolean createReturns() {
        return true;
    }

    @Override
    String purge() {
        return "delete from %s where %s order by expires_at limit %d".formatted(table.name(), expired(), PURGE_ROWS);
    }

    @Override
    public Bulk bulk() {
        return bulk;
    }

    @Override
    public int maximumValueSize() {
        return fitting(PACKET);
    }

    @Override
    public int maximumValueSize(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select @@max_allowed_packet")) {
            return row.next() ? fitting(row.getLong(1)) : maximumValueSize();
        }
    }

    /** The drivers write values into the statement by default, where escaping may double them. */
    private static int fitting(long packet) {
        return (int) Math.min(MAXIMUM_VALUE_SIZE, Math.max(0, packet - STATEMENT_SIZE) / 2);
    }

    @Override
    boolean binaryKeys() {
        return true;
    }

    @Override
    boolean isDuplicate(SQLException exception) {
        return exception.getErrorCode() == DUPLICATE;
    }
}
