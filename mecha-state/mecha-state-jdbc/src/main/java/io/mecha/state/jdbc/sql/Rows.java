// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Reads of rows. */
public final class Rows {

    private static final byte[] NO_BYTES = {};

    private Rows() {}

    /**
     * Read value, version and expiry from three columns.
     *
     * @param row the row
     * @param column the first of them, from 1
     * @return the entry
     * @throws SQLException if the driver cannot read them
     */
    public static Entry entry(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        String version = row.getString(column + 1);
        long expiresAt = row.getLong(column + 2);
        boolean stays = row.wasNull();
        return new Entry(
                Value.of(bytes == null ? NO_BYTES : bytes), version, stays ? null : Instant.ofEpochMilli(expiresAt));
    }
}
