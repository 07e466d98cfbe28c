// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.spi.SurroundingTransaction;
import java.sql.SQLException;
import java.util.function.IntConsumer;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction that Spring has of a data source on this thread, if any. */
public final class SpringTransaction implements SurroundingTransaction {

    private final DataSourceConnections connections;

    /**
     * Watch a data source.
     *
     * @param connections lend its connections
     */
    public SpringTransaction(DataSourceConnections connections) {
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

    /**
     * Tell whether the transaction of this thread was announced not to write.
     *
     * @return whether Spring calls it read-only
     */
    public static boolean isReadOnly() {
        return TransactionSynchronizationManager.isCurrentTransactionReadOnly();
    }

    @Override
    public boolean on(Object resource) {
        return connections.isOn(resource);
    }

    @Override
    public void afterCompletion(Runnable action) {
        onCompletion(status -> action.run());
    }

    @Override
    public void afterCommit(Runnable action) {
        onCompletion(status -> {
            if (status == TransactionSynchronization.STATUS_COMMITTED) {
                action.run();
            }
        });
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
