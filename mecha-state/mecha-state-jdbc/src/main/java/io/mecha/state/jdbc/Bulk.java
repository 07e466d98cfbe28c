// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.spi.Entry;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes of several rows in few round trips. */
interface Bulk {

    /** How many rows go into one statement, or one batch, at most. */
    int ROWS = 500;

    Map<String, Entry> read(Session session, Collection<String> keys) throws SQLException;

    /**
     * Lock the rows of keys until the transaction ends.
     *
     * @param keys in the order to lock them
     * @return the live version by key; empty for a row that expired; a key without a row is left out
     */
    Map<String, Optional<String>> lock(Session session, List<String> keys) throws SQLException;

    /** Tell whether {@link #put} is one statement for this many rows. */
    boolean atomic(int rows);

    /** Write rows of different keys whatever is there. */
    void put(Session session, List<Row> rows) throws SQLException;

    /**
     * Write rows of different keys that have no row, not even an expired one.
     *
     * @return {@code false} if one has; then some rows may have been written, and must be undone
     */
    boolean insert(Session session, List<Row> rows) throws SQLException;

    /** Delete the rows of keys. */
    void delete(Session session, List<String> keys) throws SQLException;
}
