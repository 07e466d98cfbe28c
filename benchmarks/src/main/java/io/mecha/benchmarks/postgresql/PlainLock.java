// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A lock by hand: a row for each name, with an owner, an end and a number that rises; one statement takes it, one gives it back. */
final class PlainLock {

    private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
    private static final String LOCK = "insert into plain_lock as l (name, owner, token, expires_at) values (?, ?, 1, "
            + NOW + " + ?) on conflict (name) do update set owner = excluded.owner, token = l.token + 1,"
            + " expires_at = excluded.expires_at where l.expires_at <= " + NOW + " returning token";
    private static final String UNLOCK =
            "update plain_lock set expires_at = 0 where name = ? and owner = ? and token = ? and expires_at > " + NOW;

    private final DataSource dataSource;

    PlainLock(DataSource dataSource) throws SQLException {
        this.dataSource = dataSource;
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists plain_lock"
                    + " (name text primary key, owner text not null, token bigint not null, expires_at bigint not null)"
                    + " with (fillfactor = 50)");
        }
    }

    void lockAndUnlock(String name, String owner, long millis) throws SQLException {
        long token = lock(name, owner, millis);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(UNLOCK)) {
            statement.setString(1, name);
            statement.setString(2, owner);
            statement.setLong(3, token);
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("The lock was lost");
            }
        }
    }

    private long lock(String name, String owner, long millis) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, name);
            statement.setString(2, owner);
            statement.setLong(3, millis);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("The lock is held");
                }
                return row.getLong(1);
            }
        }
    }
}
