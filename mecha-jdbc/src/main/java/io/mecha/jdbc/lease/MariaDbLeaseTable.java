// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc.lease;

import io.mecha.jdbc.Database;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The leases of MariaDB, each call one statement.
 *
 * <p>A grant is a compound statement: a transaction that is begun and ended by the server, so that a client that stops in the middle
 * holds no row. It cannot be prepared; what comes from outside is in it as hexadecimal digits. A renewal is an insert whose
 * conflicts are updates, because an update cannot return rows: a lease whose row was lost gets one that is over, with its token.
 */
final class MariaDbLeaseTable extends LeaseTable {

    private static final int CHUNK = 200;
    private static final int COLUMNS = 5;
    private static final int LOCKED = 1205;

    private static final String ACQUIRE = """
            begin not atomic
              declare busy int default 0;
              declare holder varbinary(512);
              declare newest, remaining bigint default 0;
              declare continue handler for 1205 set busy = 1;
              declare exit handler for sqlexception begin rollback; resignal; end;
              set transaction isolation level read committed;
              start transaction;
              set statement innodb_lock_wait_timeout = 1 for
              insert into $table (lease_key, name, owner, token, expires_at)
                values ($key, $name, $owner, $now, $now + $micros)
                on duplicate key update
                  token = if(expires_at > values(token), token, greatest(token + 1, values(token))),
                  owner = if(expires_at > values(token), owner, values(owner)),
                  expires_at = if(owner = values(owner), values(expires_at), expires_at);
              select owner, token, expires_at - $now into holder, newest, remaining
                from $table where lease_key = $key;
              if busy = 0 and holder = $owner
                  and not exists (select 1 from $table_fence where lease_key = $key and token = newest) then
                set statement innodb_lock_wait_timeout = 0 for
                insert into $table_fence (lease_key, token) values ($key, newest)
                  on duplicate key update token = values(token);
              end if;
              if busy = 1 then
                rollback;
                select null, 0, 0;
              else
                commit;
                select holder, newest, remaining;
              end if;
            end""";

    private final String acquire;
    private final String renewal;
    private final String fence;
    private final String idle;
    private final String purge;

    MariaDbLeaseTable(String schema) {
        super(Database.MARIADB, schema, null);
        acquire = prepared(ACQUIRE);
        renewal = prepared(" on duplicate key update expires_at = if(owner = values(owner) and token = values(token)"
                + " and expires_at > $now, $now + values(expires_at), expires_at)"
                + " returning lease_key, owner, token, expires_at > $now");
        fence = "select token from " + table + "_fence where lease_key = ? lock in share mode";
        idle = prepared("select lease_key from $table where $portion");
        purge = prepared("set statement innodb_lock_wait_timeout = 0 for delete l, f from $table l"
                + " left join $table_fence f on f.lease_key = l.lease_key where l.lease_key in ($keys) and $l.idle");
    }

    private static String literal(byte[] bytes) {
        return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public LeaseResult acquire(Connection connection, String name, String owner, Duration timeToLive)
            throws SQLException {
        String sql = acquire.replace("$key", literal(key(name)))
                .replace("$name", literal(utf8(name)))
                .replace("$owner", literal(utf8(owner)))
                .replace("$micros", Long.toString(micros(timeToLive)));
        try (Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                if (statement.getUpdateCount() < 0) {
                    throw new SQLException("The server did not answer with a lease");
                }
                rows = statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                byte[] holder = row.getBytes(1);
                boolean own = holder != null && owner.equals(new String(holder, StandardCharsets.UTF_8));
                return own ? granted(row.getLong(2), row.getLong(3)) : held(row.getLong(3));
            }
        }
    }

    @Override
    public Set<Lease> renew(Connection connection, Map<Lease, Duration> leases) throws SQLException {
        List<Renewal> sorted = Renewal.sorted(leases);
        Set<Lease> renewed = new HashSet<>();
        for (int from = 0; from < sorted.size(); from += CHUNK) {
            renew(connection, sorted.subList(from, Math.min(sorted.size(), from + CHUNK)), renewed);
        }
        return renewed;
    }

    private void renew(Connection connection, List<Renewal> chunk, Set<Lease> renewed) throws SQLException {
        String rows = ", (?, ?, ?, ?, ?)".repeat(chunk.size()).substring(1);
        Map<String, Lease> asked = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into " + table + " (lease_key, name, owner, token, expires_at) values" + rows + renewal)) {
            int index = 0;
            for (Renewal renewal : chunk) {
                Lease lease = renewal.lease();
                asked.put(identity(renewal.key(), utf8(lease.owner()), lease.token()), lease);
                statement.setBytes(index + 1, renewal.key());
                bind(statement, index + 2, lease.name());
                bind(statement, index + 3, lease.owner());
                statement.setLong(index + 4, lease.token());
                statement.setLong(index + COLUMNS, renewal.micros());
                index += COLUMNS;
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Lease lease = asked.get(identity(row.getBytes(1), row.getBytes(2), row.getLong(3)));
                    if (lease != null && row.getBoolean(4)) {
                        renewed.add(lease);
                    }
                }
            }
        }
    }

    private static String identity(byte[] key, byte[] owner, long token) {
        return literal(key) + literal(owner) + token;
    }

    @Override
    public String fence() {
        return fence;
    }

    /** Looks without a lock, so that only names that go are locked, and nothing of those that come. */
    @Override
    public int purge(Connection connection) throws SQLException {
        StringJoiner keys = new StringJoiner(",");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(idle)) {
            while (rows.next()) {
                keys.add(literal(rows.getBytes(1)));
            }
        }
        if (keys.length() == 0) {
            return 0;
        }
        try {
            return execute(connection, purge.replace("$keys", keys.toString()));
        } catch (SQLException e) {
            if (e.getErrorCode() != LOCKED) { // somebody is at work, so next time
                throw e;
            }
            return 0;
        }
    }
}
