// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc.lease;

import io.mecha.jdbc.Database;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The leases of PostgreSQL, each call one statement.
 *
 * <p>A grant first locks the second row, unless somebody else has it locked; then it writes the first row only if it is still
 * free when its turn comes, and then the token into the second. An owner that asks again leaves the second
 * row alone: even an {@code on conflict} whose condition does not hold would lock it, and wait for the owner's own transaction.
 * At the isolation levels above read committed, too, a transaction with a fence does not fail because of renewals: they write
 * another row.
 */
final class PostgresLeaseTable extends LeaseTable {

    private static final String ACQUIRE = """
            with asked as materialized (
              select ?::bytea as lease_key, ?::text as name, ?::text as owner, ?::bigint as micros, $now as now),
            found as materialized (
              select l.* from $table l, asked a where l.lease_key = a.lease_key),
            fence as materialized (
              select f.token from $table_fence f, asked a where f.lease_key = a.lease_key
              and not exists (select 1 from found where expires_at > a.now) for update of f skip locked),
            free as materialized (
              select 1 where exists (select 1 from fence)
              or not exists (select 1 from $table_fence f, asked a where f.lease_key = a.lease_key)),
            taken as (
              insert into $table as l (lease_key, name, owner, token, expires_at)
              select lease_key, name, owner, now, now + micros from asked a
              where exists (select 1 from free)
              or exists (select 1 from found where owner = a.owner and expires_at > a.now)
              on conflict (lease_key) do update set
                token = case when l.expires_at > excluded.token then l.token
                  else greatest(l.token + 1, excluded.token) end,
                owner = excluded.owner, expires_at = excluded.expires_at
              where case when l.expires_at > excluded.token then l.owner = excluded.owner
                else exists (select 1 from free) end
              returning l.lease_key, l.token, l.expires_at),
            fenced as (
              insert into $table_fence as f (lease_key, token) select lease_key, token from taken t
              where not exists (select 1 from $table_fence f where f.lease_key = t.lease_key and f.token = t.token)
              on conflict (lease_key) do update set token = excluded.token where f.token <> excluded.token)
            select token, expires_at - $now from taken
            union all
            select null, f.expires_at - a.now from found f, asked a where not exists (select 1 from taken)""";

    private static final String RENEW = """
            update $table l set expires_at = $now + r.micros
            from unnest(?, ?, ?, ?) as r (lease_key, owner, token, micros)
            where l.lease_key = r.lease_key and l.owner = r.owner and l.token = r.token and l.expires_at > $now
            returning l.name, l.owner, l.token""";

    private static final String PURGE = """
            with idle as materialized (
              select f.lease_key from $table_fence f join $table l on l.lease_key = f.lease_key
              where $l.idle order by l.token limit $rows for update of f skip locked),
            gone as (
              delete from $table l using idle i where l.lease_key = i.lease_key and $l.idle returning l.lease_key)
            delete from $table_fence where lease_key in (select lease_key from gone)""";

    private final String acquire;
    private final String renew;
    private final String fence;
    private final String purge;

    PostgresLeaseTable(String schema) {
        super(Database.POSTGRESQL, schema, null);
        acquire = prepared(ACQUIRE);
        renew = prepared(RENEW);
        fence = "select token from " + table + "_fence where lease_key = ? for share";
        purge = prepared(PURGE).replace("$rows", Integer.toString(PURGE_ROWS));
    }

    @Override
    public LeaseResult acquire(Connection connection, String name, String owner, Duration timeToLive)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(acquire)) {
            bind(statement, name, owner, timeToLive);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return held(0); // somebody else has inserted the name just now
                }
                long token = row.getLong(1);
                return row.wasNull() ? held(row.getLong(2)) : granted(token, row.getLong(2));
            }
        }
    }

    @Override
    public Set<Lease> renew(Connection connection, Map<Lease, Duration> leases) throws SQLException {
        List<Renewal> all = Renewal.sorted(leases);
        try (PreparedStatement statement = connection.prepareStatement(renew)) {
            array(statement, 1, "bytea", all.stream().map(Renewal::key).toArray(byte[][]::new));
            array(
                    statement,
                    2,
                    "text",
                    all.stream().map(renewal -> renewal.lease().owner()).toArray());
            array(
                    statement,
                    3,
                    "bigint",
                    all.stream().map(renewal -> renewal.lease().token()).toArray());
            array(statement, 4, "bigint", all.stream().map(Renewal::micros).toArray());
            Set<Lease> renewed = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    renewed.add(new Lease(rows.getString(1), rows.getString(2), rows.getLong(3)));
                }
            }
            return renewed;
        }
    }

    private static void array(PreparedStatement statement, int index, String type, Object[] elements)
            throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, elements));
    }

    @Override
    public String fence() {
        return fence;
    }

    @Override
    public int purge(Connection connection) throws SQLException {
        return execute(connection, purge);
    }
}
