// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.spi.SurroundingTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction that Spring has of a data source on this thread, if any. */
public final class SpringTransaction implements SurroundingTransaction {

    private final DataSourceConnections connections;

    /** The level of transactions that demand none; 0 while it is not known to be a low one. */
    private volatile int usual;

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
    public Optional<String> snapshot() {
        ConnectionHolder holder = connections.holder();
        if (holder == null) {
            return Optional.empty();
        }
        try {
            Connection connection = holder.getConnection();
            int level = level(connection);
            return level >= Connection.TRANSACTION_REPEATABLE_READ && isOfSnapshots(connection)
                    ? Optional.of(name(level))
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty(); // broken, which the next statement finds out
        }
    }

    /** Asks the server, which some drivers do, until it is known that transactions without a level of their own are of a lower one. */
    private int level(Connection connection) throws SQLException {
        Integer demanded = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        if (demanded != null) {
            return demanded;
        }
        int known = usual;
        if (known == 0) {
            known = connection.getTransactionIsolation();
            usual = known < Connection.TRANSACTION_REPEATABLE_READ ? known : 0;
        }
        return known;
    }

    /** MariaDB and MySQL lock and write the latest row at any level. */
    private static boolean isOfSnapshots(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return product.equals("PostgreSQL") || product.equals("H2");
    }

    private static String name(int level) {
        if (level == Connection.TRANSACTION_SERIALIZABLE) {
            return "SERIALIZABLE";
        }
        return level == Connection.TRANSACTION_REPEATABLE_READ ? "REPEATABLE READ" : "SNAPSHOT";
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
