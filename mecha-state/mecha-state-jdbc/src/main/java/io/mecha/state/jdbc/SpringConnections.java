// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.DataSourceConnections;
import java.sql.SQLException;

/**
 * Lend connections of the application's data source, and the one of its transaction inside of one.
 *
 * @param connections lends them
 * @param timeoutSeconds how long a statement may take
 */
record SpringConnections(DataSourceConnections connections, int timeoutSeconds) implements Connections {

    @Override
    public Session open(Dialect dialect, boolean writes) throws SQLException {
        int seconds = dialect.cheapTimeout() ? timeoutSeconds : 0;
        DataSourceConnections.Lent lent = connections.lend();
        try {
            return new Session(dialect, lent.connection(), lent.joined(), seconds, null, used -> lent.giveBack());
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
