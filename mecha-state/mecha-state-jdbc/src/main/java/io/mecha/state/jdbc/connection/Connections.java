// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Session;
import java.sql.SQLException;

/** The connections that calls run on. */
public interface Connections extends AutoCloseable {

    /**
     * Lend a connection for one call on this thread.
     *
     * @param dialect what the database speaks
     * @param writes whether the call may write
     * @return a session, to close
     * @throws SQLException if no connection can be had
     */
    Session open(Dialect dialect, boolean writes) throws SQLException;

    /** Release what was opened; not what was given. */
    @Override
    void close();
}
