// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.state.spi.Entry;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes of several rows in few round trips. */
public interface Bulk {

    /** How many rows go into one statement, or one batch, at most. */
    int ROWS = 500;

    /**
     * Read the live entries of keys.
     *
     * @param session the connection to use
     * @param keys the keys, at least one
     * @return entries by key; a key without a live row is left out
     * @throws SQLException if a statement fails
     */
    Map<String, Entry> read(Session session, Collection<String> keys) throws SQLException;

    /**
     * Lock the rows of keys until the transaction ends.
     *
     * @param session the connection to use
     * @param keys in the order to lock them
     * @return the live version by key; empty for a row that expired; a key without a row is left out
     * @throws SQLException if a statement fails
     */
    Map<String, Optional<String>> lock(Session session, List<String> keys) throws SQLException;

    /**
     * Tell whether {@link #put} is one statement for this many rows.
     *
     * @param rows how many
     * @return whether it needs no transaction to be all or nothing
     */
    boolean atomic(int rows);

    /**
     * Write rows of different keys whatever is there.
     *
     * @param session the connection to use
     * @param rows the rows
     * @throws SQLException if a statement fails
     */
    void put(Session session, List<Row> rows) throws SQLException;

    /**
     * Write rows of different keys that have no row, not even an expired one.
     *
     * @param session the connection to use
     * @param rows the rows
     * @return {@code false} if one has; then some rows may have been written, and must be undone
     * @throws SQLException if a statement fails
     */
    boolean insert(Session session, List<Row> rows) throws SQLException;

    /**
     * Delete the rows of keys.
     *
     * @param session the connection to use
     * @param keys the keys
     * @throws SQLException if a statement fails
     */
    void delete(Session session, List<String> keys) throws SQLException;
}
