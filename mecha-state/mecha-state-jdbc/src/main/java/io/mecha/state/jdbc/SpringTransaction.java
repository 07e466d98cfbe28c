// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.spi.SurroundingTransaction;
import java.sql.SQLException;
import java.util.function.IntConsumer;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tell whether Spring has a transaction of the data source on this thread. */
final class SpringTransaction implements SurroundingTransaction {

    private final DataSourceConnections connections;

    SpringTransaction(DataSourceConnections connections) {
        this.connections = connections;
    }

    @Override
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

    @Override
    public void afterCompletion(Runnable action) {
        onCompletion(status -> action.run());
    }

    /** Run something with one of the constants {@code TransactionSynchronization.STATUS_…}. */
    void onCompletion(IntConsumer action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                action.accept(status);
            }
        });
    }
}
