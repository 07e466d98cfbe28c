// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lend connections of the application's {@code DataSource}, and the one of its transaction inside of one.
 *
 * <p>A transaction of another resource is not joined: the call then has a connection of its own, and commits.
 */
final class DataSourceConnections implements Connections {

    private final DataSource dataSource;
    private final int timeoutSeconds;

    DataSourceConnections(DataSource dataSource, int timeoutSeconds) {
        this.dataSource = target(dataSource);
        this.timeoutSeconds = timeoutSeconds;
    }

    /** A proxy that joins transactions would hide the real one, which is what transactions are known by. */
    private static DataSource target(DataSource dataSource) {
        if (dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            return proxy.getTargetDataSource();
        }
        return dataSource;
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public Session open(Dialect dialect, boolean writes) throws SQLException {
        int seconds = dialect.cheapTimeout() ? timeoutSeconds : 0;
        if (holder() != null) {
            Connection connection = DataSourceUtils.doGetConnection(dataSource);
            boolean joined = !connection.getAutoCommit();
            return new Session(dialect, connection, joined, seconds, null, this::giveBack);
        }
        Connection connection = dataSource.getConnection();
        try {
            return new Session(dialect, connection, false, seconds, null, Connection::close);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void giveBack(Connection connection) throws SQLException {
        DataSourceUtils.doReleaseConnection(connection, dataSource);
    }

    /** Return what a transaction manager has bound to this thread for this data source. */
    @Nullable ConnectionHolder holder() {
        return (ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource);
    }

    /** Open a connection outside of any transaction, which the caller closes. */
    Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    @Override
    public void close() {
        // the data source is the application's
    }
}
