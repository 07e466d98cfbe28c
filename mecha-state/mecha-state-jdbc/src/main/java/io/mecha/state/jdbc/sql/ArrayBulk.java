// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.state.spi.Entry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bulk statements with all keys and all columns as arrays, so that any number of rows is one statement of PostgreSQL.
 */
final class ArrayBulk implements Bulk {

    private final Dialect dialect;
    private final Sql read;
    private final Sql lock;
    private final Sql put;
    private final Sql insert;
    private final Sql delete;

    ArrayBulk(Dialect dialect) {
        this.dialect = dialect;
        String table = dialect.table.name();
        String keys = " where state_key = any(?)";
        String rows = "insert into " + table + " " + dialect.columns() + " select k, v, n, " + dialect.expiry("t")
                + " from unnest(?, ?, ?, ?) as r (k, v, n, t)";
        this.read = Sql.of(
                "select state_key, state_value, version, expires_at from " + table + keys + " and " + dialect.alive());
        this.lock = Sql.of("select state_key, case when " + dialect.alive() + " then version end from " + table + keys
                + " order by state_key for update");
        this.put = Sql.of(rows + PostgresDialect.overwrite());
        this.insert = Sql.of(rows + " on conflict (state_key) do nothing");
        this.delete = Sql.of("delete from " + table + keys);
    }

    @Override
    public Map<String, Entry> read(Session session, Collection<String> keys) throws SQLException {
        Map<String, Entry> found = new HashMap<>();
        try (Prepared statement = session.prepare(read).array("text", keys.toArray());
                ResultSet row = statement.query()) {
            while (row.next()) {
                found.put(dialect.readKey(row, 1), Rows.entry(row, 2));
            }
        }
        return found;
    }

    @Override
    public Map<String, Optional<String>> lock(Session session, List<String> keys) throws SQLException {
        Map<String, Optional<String>> found = new HashMap<>();
        try (Prepared statement = session.prepare(lock).array("text", keys.toArray());
                ResultSet row = statement.query()) {
            while (row.next()) {
                found.put(dialect.readKey(row, 1), Optional.ofNullable(row.getString(2)));
            }
        }
        return found;
    }

    @Override
    public boolean atomic(int rows) {
        return rows <= ROWS;
    }

    @Override
    public void put(Session session, List<Row> rows) throws SQLException {
        write(session, put, rows);
    }

    @Override
    public boolean insert(Session session, List<Row> rows) throws SQLException {
        return write(session, insert, rows) == rows.size();
    }

    private static int write(Session session, Sql sql, List<Row> rows) throws SQLException {
        int count = 0;
        for (List<Row> chunk : Chunks.of(rows)) {
            try (Prepared statement = session.prepare(sql)) {
                count += statement
                        .array("text", column(chunk, Row::key))
                        .array("bytea", chunk.stream().map(Row::value).toArray(byte[][]::new))
                        .array("text", column(chunk, Row::version))
                        .array("bigint", column(chunk, Row::timeToLive))
                        .update();
            }
        }
        return count;
    }

    private static <T extends @Nullable Object> @Nullable Object[] column(List<Row> rows, Function<Row, T> of) {
        @Nullable Object[] column = new @Nullable Object[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = of.apply(rows.get(i));
        }
        return column;
    }

    @Override
    public void delete(Session session, List<String> keys) throws SQLException {
        try (Prepared statement = session.prepare(delete)) {
            statement.array("text", keys.toArray()).update();
        }
    }
}
