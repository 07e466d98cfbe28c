// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.state.spi.Entry;
import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bulk statements with lists of placeholders to read, and batches of one statement to write. */
final class BatchBulk implements Bulk {

    private static final int[] SIZES = {8, 64, ROWS};

    private final Dialect dialect;
    private final List<Sql> reads = new ArrayList<>();
    private final List<Sql> locks = new ArrayList<>();

    BatchBulk(Dialect dialect) {
        this.dialect = dialect;
        for (int size : SIZES) {
            String from = " from " + dialect.table.name() + " where state_key in (?" + ", ?".repeat(size - 1) + ")";
            reads.add(Sql.of("select state_key, state_value, version, expires_at" + from + " and " + dialect.alive()));
            locks.add(Sql.of("select state_key, case when " + dialect.alive() + " then version end" + from
                    + " order by state_key" + dialect.forUpdate()));
        }
    }

    @Override
    public Map<String, Entry> read(Session session, Collection<String> keys) throws SQLException {
        Map<String, Entry> found = new HashMap<>();
        for (List<String> chunk : Chunks.of(List.copyOf(keys))) {
            try (Prepared statement = withKeys(session, reads, chunk);
                    ResultSet row = statement.query()) {
                while (row.next()) {
                    found.put(dialect.readKey(row, 1), Rows.entry(row, 2));
                }
            }
        }
        return found;
    }

    @Override
    public Map<String, Optional<String>> lock(Session session, List<String> keys) throws SQLException {
        Map<String, Optional<String>> found = new HashMap<>();
        for (List<String> chunk : Chunks.of(keys)) {
            try (Prepared statement = withKeys(session, locks, chunk);
                    ResultSet row = statement.query()) {
                while (row.next()) {
                    found.put(dialect.readKey(row, 1), Optional.ofNullable(row.getString(2)));
                }
            }
        }
        return found;
    }

    /** Prepare the smallest statement that takes the keys; the last key fills up what is left. */
    private static Prepared withKeys(Session session, List<Sql> bySize, List<String> keys) throws SQLException {
        int which = 0;
        while (SIZES[which] < keys.size()) {
            which++;
        }
        Prepared statement = session.prepare(bySize.get(which));
        for (int i = 0; i < SIZES[which]; i++) {
            statement.key(keys.get(Math.min(i, keys.size() - 1)));
        }
        return statement;
    }

    @Override
    public boolean atomic(int rows) {
        return rows == 1;
    }

    @Override
    public void put(Session session, List<Row> rows) throws SQLException {
        write(session, session.statements().put(), rows);
    }

    @Override
    public boolean insert(Session session, List<Row> rows) throws SQLException {
        try {
            return write(session, session.statements().insert(), rows);
        } catch (SQLException e) {
            SQLException failure =
                    e instanceof BatchUpdateException && e.getNextException() != null ? e.getNextException() : e;
            if (dialect.isDuplicate(e) || dialect.isDuplicate(failure)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean write(Session session, Sql sql, List<Row> rows) throws SQLException {
        boolean all = true;
        for (List<Row> chunk : Chunks.of(rows)) {
            try (Prepared statement = session.prepare(sql)) {
                for (Row row : chunk) {
                    statement.row(row).addBatch();
                }
                for (int count : statement.batch()) {
                    all &= count != 0;
                }
            }
        }
        return all;
    }

    @Override
    public void delete(Session session, List<String> keys) throws SQLException {
        for (List<String> chunk : Chunks.of(new ArrayList<>(keys))) {
            try (Prepared statement = session.prepare(session.statements().delete())) {
                for (String key : chunk) {
                    statement.key(key).addBatch();
                }
                statement.batch();
            }
        }
    }
}
