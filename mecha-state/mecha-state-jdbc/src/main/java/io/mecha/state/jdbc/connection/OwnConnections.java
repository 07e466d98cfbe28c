// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Session;
import java.sql.SQLException;

/**
 * Connections of the application's data source that are in no transaction of the application.
 *
 * @param connections lends them
 */
public record OwnConnections(DataSourceConnections connections) implements Connections {

    @Override
    public Session open(Dialect dialect, boolean writes) throws SQLException {
        DataSourceConnections.LentConnection lent = connections.lendOwn();
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
