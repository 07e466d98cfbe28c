// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc.lease;

import io.mecha.jdbc.Database;
import io.mecha.jdbc.LocalClock;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leases of products whose statements can neither write two tables nor return what they wrote.
 *
 * <p>A grant is a transaction: it locks the first row, works the grant out in memory, and locks the second row unless somebody else
 * has it locked. H2 has no shared locks, so transactions with a fence of the same name follow each other there.
 */
final class LockingLeaseTable extends LeaseTable {

    private static final String DUPLICATE = "23";

    private final String find;
    private final String lockFence;
    private final String findFence;
    private final String insert;
    private final String insertFence;
    private final String update;
    private final String updateFence;
    private final String renew;
    private final String idle;
    private final String ask;

    LockingLeaseTable(Database database, String schema, @Nullable LocalClock clock) {
        super(database, schema, clock);
        String key = " where lease_key = ?";
        find = prepared("select owner, token, expires_at, $now from $table" + key + " for update");
        findFence = "select token from " + table + "_fence" + key;
        lockFence = findFence + " for update skip locked";
        insert = "insert into " + table + " (name, owner, token, expires_at, lease_key) values (?, ?, ?, ?, ?)";
        insertFence = "insert into " + table + "_fence (token, lease_key) values (?, ?)";
        update = "update " + table + " set owner = ?, token = ?, expires_at = ?" + key;
        updateFence = "update " + table + "_fence set token = ?" + key;
        renew = prepared(
                "update $table set expires_at = $now + ?" + key + " and owner = ? and token = ? and expires_at > $now");
        idle = prepared("select lease_key from $table where $portion for update skip locked");
        ask = prepared("select $now");
    }

    @Override
    public boolean needsTransaction() {
        return true;
    }

    @Override
    public LeaseResult acquire(Connection connection, String name, String owner, Duration timeToLive)
            throws SQLException {
        long asked = System.nanoTime();
        byte[] key = key(name);
        byte[] holder;
        long token;
        long end;
        long time;
        try (PreparedStatement statement = connection.prepareStatement(timed(find))) {
            statement.setBytes(1, key);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return first(connection, key, name, owner, timeToLive, asked);
                }
                holder = row.getBytes(1);
                token = row.getLong(2);
                end = row.getLong(3);
                time = row.getLong(4);
            }
        }
        boolean own = owner.equals(new String(holder, StandardCharsets.UTF_8));
        if (end > time && !own) {
            return held(end - time);
        }
        long next = end > time ? token : Math.max(token + 1, time);
        if (next != token && !fence(connection, key, next)) {
            return held(0);
        }
        try (PreparedStatement statement = connection.prepareStatement(update)) {
            bind(statement, 1, owner);
            statement.setLong(2, next);
            statement.setLong(3, time + micros(timeToLive));
            statement.setBytes(4, key);
            statement.executeUpdate();
        }
        return granted(next, left(timeToLive, asked));
    }

    /** Return what is left of a lease whose time began no earlier than it was asked for, which may have waited since. */
    private static long left(Duration timeToLive, long asked) {
        return Math.max(0, micros(timeToLive) - TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - asked));
    }

    private LeaseResult first(
            Connection connection, byte[] key, String name, String owner, Duration timeToLive, long asked)
            throws SQLException {
        long time;
        try (PreparedStatement statement = connection.prepareStatement(timed(ask));
                ResultSet row = statement.executeQuery()) {
            row.next();
            time = row.getLong(1);
        }
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            bind(statement, 1, name);
            bind(statement, 2, owner);
            statement.setLong(3, time);
            statement.setLong(4, time + micros(timeToLive));
            statement.setBytes(5, key);
            statement.executeUpdate();
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith(DUPLICATE)) {
                throw new SQLTransientException("Another node inserted the name first", "40001", e);
            }
            throw e;
        }
        if (!fence(connection, key, time)) { // the first row was lost, and somebody looks at the second
            delete(connection, "", key);
            return held(0);
        }
        return granted(time, left(timeToLive, asked));
    }

    /** Write the token that a transaction with a fence looks at, unless one is not over yet. */
    private boolean fence(Connection connection, byte[] key, long token) throws SQLException {
        if (exists(connection, lockFence, key)) {
            write(connection, updateFence, key, token);
            return true;
        }
        if (exists(connection, findFence, key)) {
            return false;
        }
        write(connection, insertFence, key, token);
        return true;
    }

    private boolean exists(Connection connection, String query, byte[] key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setBytes(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private void write(Connection connection, String sql, byte[] key, long token) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, token);
            statement.setBytes(2, key);
            statement.executeUpdate();
        }
    }

    @Override
    public Set<Lease> renew(Connection connection, Map<Lease, Duration> leases) throws SQLException {
        List<Renewal> sorted = Renewal.sorted(leases);
        Set<Lease> renewed = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(timed(renew))) {
            for (Renewal renewal : sorted) {
                statement.setLong(1, renewal.micros());
                statement.setBytes(2, renewal.key());
                bind(statement, 3, renewal.lease().owner());
                statement.setLong(4, renewal.lease().token());
                statement.addBatch();
            }
            int[] counts = statement.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                    renewed.add(sorted.get(i).lease());
                }
            }
        }
        return renewed;
    }

    @Override
    public String fence() {
        return findFence + " for " + (database == Database.H2 ? "update" : "share");
    }

    @Override
    public int purge(Connection connection) throws SQLException {
        int gone = 0;
        List<byte[]> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(timed(idle));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                keys.add(rows.getBytes(1));
            }
        }
        for (byte[] key : keys) {
            if (exists(connection, lockFence, key)) {
                delete(connection, "_fence", key);
                delete(connection, "", key);
                gone++;
            }
        }
        return gone;
    }

    private void delete(Connection connection, String which, byte[] key) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from " + table + which + " where lease_key = ?")) {
            statement.setBytes(1, key);
            statement.executeUpdate();
        }
    }
}
