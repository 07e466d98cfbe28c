// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.sql.SQLException;

/** The connections that calls run on. */
interface Connections extends AutoCloseable {

    /**
     * Lend a connection for one call on this thread.
     *
     * @param dialect what the database speaks
     * @param writes whether the call may write
     */
    Session open(Dialect dialect, boolean writes) throws SQLException;

    /** Release what was opened; not what was given. */
    @Override
    void close();
}
