// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Deadlines;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** A statement whose parameters are set from left to right. */
public final class Prepared implements AutoCloseable {

    private final Session session;
    private final PreparedStatement statement;
    private final Sql sql;
    private final boolean keepOpen;
    private int index;

    Prepared(Session session, PreparedStatement statement, Sql sql, boolean keepOpen) {
        this.session = session;
        this.statement = statement;
        this.sql = sql;
        this.keepOpen = keepOpen;
    }

    /** Return the next parameter that is not the time; bind those before it. */
    private int next() throws SQLException {
        bindTimes();
        return ++index;
    }

    private void bindTimes() throws SQLException {
        while (sql.isTime(index + 1)) {
            statement.setLong(++index, session.dialect().time());
        }
    }

    /**
     * Bind a key.
     *
     * @param key the key
     * @return this
     * @throws SQLException if the driver refuses it
     */
    public Prepared key(String key) throws SQLException {
        session.dialect().bindKey(statement, next(), key);
        return this;
    }

    /**
     * Bind bytes.
     *
     * @param bytes the next parameter
     * @return this statement
     * @throws SQLException if the driver refuses them
     */
    public Prepared bytes(byte[] bytes) throws SQLException {
        statement.setBytes(next(), bytes);
        return this;
    }

    Prepared text(String text) throws SQLException {
        statement.setString(next(), text);
        return this;
    }

    /**
     * Bind a number.
     *
     * @param number the number
     * @return this
     * @throws SQLException if the driver refuses it
     */
    public Prepared number(int number) throws SQLException {
        statement.setInt(next(), number);
        return this;
    }

    Prepared array(String type, @Nullable Object[] elements) throws SQLException {
        statement.setArray(next(), session.connection().createArrayOf(type, elements));
        return this;
    }

    /** Bind key, value, version and time to live. */
    Prepared row(Row row) throws SQLException {
        return key(row.key()).content(row);
    }

    /** Bind value, version and time to live. */
    Prepared content(Row row) throws SQLException {
        bytes(row.value()).text(row.version());
        Long timeToLive = row.timeToLive();
        if (timeToLive == null) {
            statement.setNull(next(), Types.BIGINT);
        } else {
            statement.setLong(next(), timeToLive);
        }
        return this;
    }

    void addBatch() throws SQLException {
        bindTimes();
        statement.addBatch();
        index = 0;
    }

    /**
     * Run a statement that reads.
     *
     * @return the rows, to close
     * @throws SQLException if it fails
     */
    public ResultSet query() throws SQLException {
        bindTimes();
        Deadlines.Call call = session.watch(statement);
        try {
            return statement.executeQuery();
        } finally {
            end(call);
        }
    }

    /**
     * Run a statement that writes.
     *
     * @return how many rows it changed
     * @throws SQLException if it fails
     */
    public int update() throws SQLException {
        bindTimes();
        session.writing();
        Deadlines.Call call = session.watch(statement);
        try {
            return statement.executeUpdate();
        } finally {
            end(call);
        }
    }

    /** Run what was collected, and return how many rows each changed, where the driver knows. */
    int[] batch() throws SQLException {
        session.writing();
        Deadlines.Call call = session.watch(statement);
        try {
            return statement.executeBatch();
        } finally {
            end(call);
        }
    }

    private static void end(Deadlines.@Nullable Call call) {
        if (call != null) {
            call.close();
        }
    }

    @Override
    public void close() throws SQLException {
        if (keepOpen) {
            statement.clearBatch();
            statement.clearParameters();
        } else {
            statement.close();
        }
    }
}
