// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.engine.TransactionRunner;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.spi.SurroundingTransaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** Runs handlers in transactions of the transaction manager whose resource a state store uses. */
final class StoreTransactions implements TransactionRunner {

    private final StateStoreRegistry stores;
    private final List<PlatformTransactionManager> managers;
    private final Map<String, PlatformTransactionManager> chosen = new ConcurrentHashMap<>();

    StoreTransactions(StateStoreRegistry stores, List<PlatformTransactionManager> managers) {
        this.stores = stores;
        this.managers = List.copyOf(managers);
    }

    @Override
    public boolean joins(String store) {
        return manager(store).isPresent();
    }

    @Override
    public <R> R call(String store, Callable<R> work) throws Exception {
        PlatformTransactionManager manager = manager(store)
                .orElseThrow(() ->
                        new IllegalArgumentException("State store '%s' takes part in no transaction".formatted(store)));
        TransactionStatus status = manager.getTransaction(new DefaultTransactionDefinition());
        R result;
        try {
            result = work.call();
        } catch (Exception | Error thrown) {
            rollBack(manager, status, thrown);
            throw thrown;
        }
        manager.commit(status);
        return result;
    }

    private static void rollBack(PlatformTransactionManager manager, TransactionStatus status, Throwable thrown) {
        try {
            manager.rollback(status);
        } catch (TransactionException failed) {
            thrown.addSuppressed(failed);
        }
    }

    private Optional<PlatformTransactionManager> manager(String store) {
        PlatformTransactionManager known = chosen.get(store);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<SurroundingTransaction> joining =
                stores.component(store).capabilities().find(SurroundingTransaction.class);
        if (joining.isEmpty()) {
            return Optional.empty();
        }
        for (PlatformTransactionManager manager : managers) {
            if (isSeenBy(joining.get(), manager)) {
                chosen.put(store, manager);
                return Optional.of(manager);
            }
        }
        return Optional.empty();
    }

    // Only a transaction tells: neither a store nor a transaction manager has to name its resource.
    private boolean isSeenBy(SurroundingTransaction joining, PlatformTransactionManager manager) {
        TransactionStatus status;
        try {
            status = manager.getTransaction(new DefaultTransactionDefinition());
        } catch (TransactionException unreachable) {
            // The only one there is must be the one.
            return managers.size() == 1;
        }
        try {
            return joining.active();
        } finally {
            manager.rollback(status);
        }
    }
}
