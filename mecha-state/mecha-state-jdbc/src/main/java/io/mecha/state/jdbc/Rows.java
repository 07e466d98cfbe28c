// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Reads of rows. */
final class Rows {

    private static final byte[] NO_BYTES = {};

    private Rows() {}

    /** Read value, version and expiry from three columns. */
    static Entry entry(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        String version = row.getString(column + 1);
        long expiresAt = row.getLong(column + 2);
        boolean stays = row.wasNull();
        return new Entry(
                Value.of(bytes == null ? NO_BYTES : bytes), version, stays ? null : Instant.ofEpochMilli(expiresAt));
    }
}
