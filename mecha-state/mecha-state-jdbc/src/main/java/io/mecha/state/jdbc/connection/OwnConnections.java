// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Session;
import java.sql.SQLException;

/**
 * Connections to the application's database that are in no transaction of the application.
 *
 * @param lender lends them
 */
public record OwnConnections(Lender lender) implements Connections {

    /** A lender of connections. */
    @FunctionalInterface
    public interface Lender {

        /**
         * Lend a connection that is in no transaction.
         *
         * @return the connection, which the caller gives back
         * @throws SQLException if there is none
         */
        DataSourceConnections.LentConnection lend() throws SQLException;
    }

    @Override
    public Session open(Dialect dialect, boolean writes) throws SQLException {
        DataSourceConnections.LentConnection lent = lender.lend();
        try {
            return new Session(dialect, lent.connection(), false, 0, null, null, used -> lent.giveBack());
        } catch (SQLException e) {
            lent.giveBack();
            throw e;
        }
    }

    @Override
    public void close() {
        // the data source is the application's
    }
}
