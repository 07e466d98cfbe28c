// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A use of a connection; it may run again after the database undid it.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface Work<T extends @Nullable Object> {

    /**
     * Use the connection.
     *
     * @param session the connection, which stays open
     * @return what came of it
     * @throws SQLException if a statement fails
     */
    T run(Session session) throws SQLException;
}
