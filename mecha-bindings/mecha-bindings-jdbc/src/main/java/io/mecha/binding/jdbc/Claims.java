// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of one owner on rows of one group.
 *
 * <p>A claim locks rows that others do not hold at the moment, looks again, and takes them. The second look is what keeps keys in
 * order: it runs after the locks in a snapshot of its own (read committed), and lets a row pass only if everything of its key that
 * stands before it is ours, or is locked here too, and if nobody else owns any row of the key. What another node does between our
 * first look and our locks is then either committed, and seen, or holds a lock on a row before ours, which counts as before
 * us. So two nodes never hold rows of one key, and none skips one. Rows that are not due or have expired stand before nobody.
 *
 * <p>Every later change names the owner, which is new for each consumer: a consumer that lost a row to another changes nothing.
 */
final class Claims {

    /** How long what was put aside stays in the table. */
    private static final Duration ASIDE = Duration.ofMinutes(10);

    private final String destination;
    private final String group;
    private final String owner;
    private final boolean byKey;
    private final long leaseMillis;

    Claims(String destination, String group, String owner, boolean byKey, long leaseMillis) {
        this.destination = destination;
        this.group = group;
        this.owner = owner;
        this.byKey = byKey;
        this.leaseMillis = leaseMillis;
    }

    /** A row as it is read; the attempt is the one that begins. */
    record Row(
            long id,
            @Nullable String key,
            String headers,
            @SuppressWarnings("ArrayRecordComponent") // never compared
            byte @Nullable [] body,
            int attempt) {}

    /**
     * Changes of rows.
     *
     * @param attempts how often which were tried
     * @param handled those to forget
     * @param released those for anybody to claim
     * @param aside those for anybody to claim later
     */
    record Changes(Map<Long, Integer> attempts, List<Long> handled, List<Long> released, List<Long> aside) {}

    /** The result of a claim: how many rows were looked at, and those that are ours now. */
    record Found(int seen, List<Row> rows) {}

    /**
     * Claims what may be handed out.
     *
     * @param blocked keys of which nothing may be claimed
     */
    Found claim(Connection connection, QueueSql sql, int limit, Set<String> blocked) throws SQLException {
        if (sql.database() == Database.SQLITE) {
            lockFile(connection);
        }
        List<Row> rows = lock(connection, sql, limit);
        int seen = rows.size();
        if (byKey) {
            rows = inOrder(connection, sql, free(rows, blocked));
        }
        if (!rows.isEmpty()) {
            List<Long> ids = padded(rows.stream().map(Row::id).toList());
            try (PreparedStatement statement = connection.prepareStatement(sql.claim(ids.size()))) {
                statement.setString(1, owner);
                statement.setLong(2, leaseMillis);
                bind(statement, 3, ids);
                statement.executeUpdate();
            }
        }
        return new Found(seen, rows);
    }

    /** Begins to write before anything is read: a reader that wants to write later would be refused. */
    private void lockFile(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "update mecha_binding_group set adopts = adopts where destination = ? and grp = ?")) {
            statement.setString(1, destination);
            statement.setString(2, group);
            statement.executeUpdate();
        }
    }

    private List<Row> lock(Connection connection, QueueSql sql, int limit) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.claimable(byKey))) {
            int index = 0;
            statement.setString(++index, destination);
            statement.setString(++index, group);
            if (byKey) {
                statement.setString(++index, owner);
            }
            statement.setInt(++index, limit);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(
                            found.getLong(1),
                            found.getString(2),
                            found.getString(3),
                            found.getBytes(4),
                            found.getInt(5) + 1));
                }
            }
        }
        return rows;
    }

    private static List<Row> free(List<Row> rows, Set<String> blocked) {
        return blocked.isEmpty()
                ? rows
                : rows.stream()
                        .filter(row -> row.key() == null || !blocked.contains(row.key()))
                        .toList();
    }

    private List<Row> inOrder(Connection connection, QueueSql sql, List<Row> rows) throws SQLException {
        Set<String> keys = new HashSet<>();
        Set<Long> ours = new HashSet<>();
        long last = 0;
        for (Row row : rows) {
            if (row.key() != null) {
                keys.add(row.key());
                last = row.id();
            }
            ours.add(row.id());
        }
        if (keys.isEmpty()) {
            return rows;
        }
        Map<String, Long> limits = limits(connection, sql, last, keys, ours);
        return rows.stream()
                .filter(row -> row.key() == null || row.id() < limits.getOrDefault(row.key(), Long.MAX_VALUE))
                .toList();
    }

    /** Returns for some keys the row before which we may take what we locked. */
    private Map<String, Long> limits(
            Connection connection, QueueSql sql, long last, Collection<String> some, Set<Long> ours)
            throws SQLException {
        List<String> keys = padded(List.copyOf(some));
        Map<String, Long> limits = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.sameKeys(keys.size()))) {
            statement.setString(1, destination);
            statement.setString(2, group);
            statement.setLong(3, last);
            statement.setString(4, owner);
            int index = 4;
            for (String key : keys) {
                statement.setString(++index, key);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    boolean owned = rows.getString(3) != null;
                    boolean hidden = rows.getBoolean(4);
                    if (ours.contains(rows.getLong(1)) || (!owned && hidden) || (!owned && rows.getBoolean(5))) {
                        continue;
                    }
                    limits.merge(rows.getString(2), owned && hidden ? Long.MIN_VALUE : rows.getLong(1), Math::min);
                }
            }
        }
        return limits;
    }

    /** Finds all that is ours, known or not. */
    Set<Long> owned(Connection connection) throws SQLException {
        Set<Long> owned = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(QueueSql.owned())) {
            statement.setString(1, destination);
            statement.setString(2, group);
            statement.setString(3, owner);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    owned.add(rows.getLong(1));
                }
            }
        }
        return owned;
    }

    /** Lengthens the leases, and returns those that are still ours. */
    Set<Long> renew(Connection connection, QueueSql sql, List<Long> some) throws SQLException {
        List<Long> ids = padded(some);
        try (PreparedStatement statement = connection.prepareStatement(sql.renew(ids.size()))) {
            statement.setLong(1, leaseMillis);
            statement.setString(2, owner);
            bind(statement, 3, ids);
            statement.executeUpdate();
        }
        Set<Long> owned = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(QueueSql.owned(ids.size()))) {
            statement.setString(1, owner);
            bind(statement, 2, ids);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    owned.add(rows.getLong(1));
                }
            }
        }
        return owned;
    }

    /** Deletes, and returns how many rows were ours. */
    int delete(Connection connection, List<Long> some) throws SQLException {
        List<Long> ids = padded(some);
        return change(connection, QueueSql.delete(ids.size()), ids);
    }

    /** Gives back, for anybody to claim. */
    void release(Connection connection, List<Long> some) throws SQLException {
        List<Long> ids = padded(some);
        change(connection, QueueSql.release(ids.size()), ids);
    }

    /** Writes what became of rows; returns {@code true}. */
    boolean write(Connection connection, QueueSql sql, Changes changes) throws SQLException {
        if (!changes.attempts().isEmpty()) {
            attempts(connection, changes.attempts());
        }
        if (!changes.handled().isEmpty()) {
            delete(connection, changes.handled());
        }
        if (!changes.released().isEmpty()) {
            release(connection, changes.released());
        }
        if (!changes.aside().isEmpty()) {
            postpone(connection, sql, changes.aside());
        }
        return true;
    }

    /** Gives back, for anybody to claim after a time; it stands before nobody until then. */
    private void postpone(Connection connection, QueueSql sql, List<Long> some) throws SQLException {
        List<Long> ids = padded(some);
        try (PreparedStatement statement = connection.prepareStatement(sql.postpone(ids.size()))) {
            statement.setLong(1, ASIDE.toMillis());
            statement.setString(2, owner);
            bind(statement, 3, ids);
            statement.executeUpdate();
        }
    }

    private void attempts(Connection connection, Map<Long, Integer> attempts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QueueSql.attempts())) {
            for (Map.Entry<Long, Integer> entry : attempts.entrySet()) {
                statement.setInt(1, entry.getValue());
                statement.setString(2, owner);
                statement.setLong(3, entry.getKey());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private int change(Connection connection, String sql, List<Long> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, owner);
            bind(statement, 2, ids);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, int first, List<Long> ids) throws SQLException {
        for (int i = 0; i < ids.size(); i++) {
            statement.setLong(first + i, ids.get(i));
        }
    }

    /** Repeats the last one, so that few different statements are needed. */
    private static <T> List<T> padded(List<T> some) {
        int size = Integer.highestOneBit(Math.max(1, some.size() * 2 - 1));
        List<T> padded = new ArrayList<>(some);
        while (padded.size() < size) {
            padded.add(some.get(some.size() - 1));
        }
        return padded;
    }
}
