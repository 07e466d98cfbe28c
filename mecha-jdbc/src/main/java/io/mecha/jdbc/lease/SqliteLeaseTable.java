// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc.lease;

import io.mecha.jdbc.Database;
import io.mecha.jdbc.LocalClock;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The leases of SQLite, in one table: there is one writer at a time, so a transaction that writes is the lock. */
final class SqliteLeaseTable extends LeaseTable {

    private final String acquire;
    private final String remaining;
    private final String renew;
    private final String fence;
    private final String purge;

    SqliteLeaseTable(String schema, @Nullable LocalClock clock) {
        super(Database.SQLITE, schema, clock);
        acquire = prepared("""
                insert into $table as l (lease_key, name, owner, token, expires_at)
                values (?, ?, ?, $now, $now + ?)
                on conflict (lease_key) do update set
                  token = case when l.expires_at > excluded.token then l.token
                    else max(l.token + 1, excluded.token) end,
                  owner = excluded.owner, expires_at = excluded.expires_at
                where l.expires_at <= excluded.token or l.owner = excluded.owner
                returning token, expires_at - $now""");
        remaining = prepared("select expires_at - $now from $table where lease_key = ?");
        renew = prepared("update $table set expires_at = $now + ? where lease_key = ? and owner = ? and token = ?"
                + " and expires_at > $now");
        fence = "select token from " + table + " where lease_key = ?";
        purge = prepared("delete from $table where lease_key in (select lease_key from $table where $portion)");
    }

    @Override
    String probe() {
        return "select lease_key, name, owner, token, expires_at from " + table + " where 1 = 0";
    }

    @Override
    public LeaseResult acquire(Connection connection, String name, String owner, Duration timeToLive)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(timed(acquire))) {
            bind(statement, name, owner, timeToLive);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    return granted(row.getLong(1), row.getLong(2));
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(timed(remaining))) {
            statement.setBytes(1, key(name));
            try (ResultSet row = statement.executeQuery()) {
                return held(row.next() ? row.getLong(1) : 0);
            }
        }
    }

    @Override
    public Set<Lease> renew(Connection connection, Map<Lease, Duration> leases) throws SQLException {
        Set<Lease> renewed = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(timed(renew))) {
            for (Map.Entry<Lease, Duration> entry : leases.entrySet()) {
                Lease lease = entry.getKey();
                statement.setLong(1, micros(entry.getValue()));
                statement.setBytes(2, key(lease.name()));
                bind(statement, 3, lease.owner());
                statement.setLong(4, lease.token());
                if (statement.executeUpdate() > 0) {
                    renewed.add(lease);
                }
            }
        }
        return renewed;
    }

    @Override
    public String fence() {
        return fence;
    }

    @Override
    public int purge(Connection connection) throws SQLException {
        return execute(connection, timed(purge));
    }
}
