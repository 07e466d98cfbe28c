// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.SQLException;
import java.util.function.IntConsumer;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction that Spring has of a data source on this thread, if any. */
public final class SpringTransaction {

    private final DataSourceConnections connections;

    /**
     * Watch a data source.
     *
     * @param connections lend its connections
     */
    public SpringTransaction(DataSourceConnections connections) {
        this.connections = connections;
    }

    /**
     * Tell whether there is one.
     *
     * @return whether a call on this thread joins a transaction now
     */
    public boolean active() {
        ConnectionHolder holder = connections.holder();
        if (holder == null || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return false;
        }
        try {
            return !holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            return true; // broken, but not over yet
        }
    }

    /**
     * Tell whether a resource is the data source.
     *
     * @param resource what a transaction manager names as its resource
     * @return whether its transactions are the ones that are joined
     */
    public boolean on(Object resource) {
        return connections.isOn(resource);
    }

    /**
     * Run something when the transaction has ended.
     *
     * @param action is told one of the constants {@code TransactionSynchronization.STATUS_…}
     */
    public void onCompletion(IntConsumer action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                action.accept(status);
            }
        });
    }
}
