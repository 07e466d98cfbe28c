// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.Deadlines;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Session;
import java.sql.SQLException;

/**
 * The connections of the application's data source, and the one of its transaction inside of one.
 *
 * @param connections lends them
 * @param timeoutSeconds how long a statement may take
 */
public record SpringConnections(DataSourceConnections connections, int timeoutSeconds) implements Connections {

    private static final Deadlines DEADLINES = new Deadlines();

    @Override
    public Session open(Dialect dialect, boolean writes) throws SQLException {
        DataSourceConnections.LentConnection lent = connections.lend();
        try {
            int seconds = seconds(dialect, writes || lent.joined());
            return new Session(
                    dialect,
                    lent.connection(),
                    lent.joined(),
                    seconds,
                    dialect.driverHasTimers() ? DEADLINES : null,
                    null,
                    used -> lent.giveBack());
        } catch (SQLException e) {
            lent.giveBack();
            throw e;
        }
    }

    /**
     * Return the timeout of statements.
     *
     * <p>A read waits for no other caller's row, and nothing is lost with it, so the socket's own timeout is enough; a write
     * may wait for a row, and then only the statement has to go, not the connection. Nor may a connection go that has the
     * application's transaction.
     */
    private int seconds(Dialect dialect, boolean keepsConnection) {
        return dialect.cheapTimeout() && (keepsConnection || !connections.limited()) ? timeoutSeconds : 0;
    }

    @Override
    public void close() {
        // the data source is the application's
    }
}
