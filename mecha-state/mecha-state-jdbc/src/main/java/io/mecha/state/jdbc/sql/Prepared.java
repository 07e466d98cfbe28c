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
    private final boolean keepOpen;
    private int index;

    Prepared(Session session, PreparedStatement statement, boolean keepOpen) {
        this.session = session;
        this.statement = statement;
        this.keepOpen = keepOpen;
    }

    /**
     * Bind a key.
     *
     * @param key the key
     * @return this
     * @throws SQLException if the driver refuses it
     */
    public Prepared key(String key) throws SQLException {
        session.dialect().bindKey(statement, ++index, key);
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
        statement.setBytes(++index, bytes);
        return this;
    }

    Prepared text(String text) throws SQLException {
        statement.setString(++index, text);
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
        statement.setInt(++index, number);
        return this;
    }

    Prepared array(String type, @Nullable Object[] elements) throws SQLException {
        statement.setArray(++index, session.connection().createArrayOf(type, elements));
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
            statement.setNull(++index, Types.BIGINT);
        } else {
            statement.setLong(++index, timeToLive);
        }
        return this;
    }

    void addBatch() throws SQLException {
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
