// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** JDBC by hand: the statements of Mecha's adapter on its table, and nothing around them. */
final class PlainJdbc {

    private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
    private static final String READ = "select state_value, version, expires_at from mecha_state"
            + " where state_key = ? and (expires_at is null or expires_at > " + NOW + ")";
    private static final String PUT = "insert into mecha_state as t (state_key, state_value, version, expires_at)"
            + " values (?, ?, ?, " + NOW + " + ?) on conflict (state_key) do update set"
            + " state_value = excluded.state_value, version = excluded.version, expires_at = excluded.expires_at";

    private static final int VALUE = 1;
    private static final int VERSION = 2;
    private static final int EXPIRY = 3;

    private final DataSource dataSource;

    PlainJdbc(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What a row holds; zero if it does not expire. */
    static final class Row {

        final byte[] value;
        final String version;
        final long expiresAt;

        Row(byte[] value, String version, long expiresAt) {
            this.value = value;
            this.version = version;
            this.expiresAt = expiresAt;
        }
    }

    @Nullable Row get(String key) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Row(row.getBytes(VALUE), row.getString(VERSION), row.getLong(EXPIRY)) : null;
            }
        }
    }

    int put(String key, byte[] value, String version) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setString(1, key);
            statement.setBytes(2, value);
            statement.setString(3, version);
            statement.setNull(4, Types.BIGINT);
            return statement.executeUpdate();
        }
    }
}
