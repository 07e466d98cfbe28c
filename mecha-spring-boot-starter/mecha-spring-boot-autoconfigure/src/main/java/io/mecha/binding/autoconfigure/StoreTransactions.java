// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.engine.StateStoreRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/**
 * A runner of handlers in transactions of the transaction manager whose resource a state store uses.
 *
 * <p>Managers name their resource, which needs no server. A manager that names none is asked by a transaction; if that cannot be
 * begun, the start is refused, because an entry that commits by itself would make the first failure look like a duplicate. For the
 * same reason nothing runs in a transaction that the store does not see.
 */
final class StoreTransactions implements TransactionRunner {

    private final StateStoreRegistry stores;
    private final List<PlatformTransactionManager> managers;
    private final Map<String, Joined> joined = new ConcurrentHashMap<>();

    StoreTransactions(StateStoreRegistry stores, List<PlatformTransactionManager> managers) {
        this.stores = stores;
        this.managers = List.copyOf(managers);
    }

    /** A manager, and how its store sees its transactions. */
    private record Joined(PlatformTransactionManager manager, SurroundingTransaction store) {}

    @Override
    public boolean joins(String store) {
        return find(store).isPresent();
    }

    @Override
    public <R> R call(String store, Callable<R> work) throws Exception {
        Joined found = find(store)
                .orElseThrow(() ->
                        new IllegalArgumentException("State store '%s' takes part in no transaction".formatted(store)));
        PlatformTransactionManager manager = found.manager();
        TransactionStatus status = manager.getTransaction(new DefaultTransactionDefinition());
        R result;
        try {
            if (!found.store().active()) {
                throw new IllegalTransactionStateException(
                        "State store '%s' does not see the transactions of %s, so that its entry would commit alone"
                                .formatted(store, manager));
            }
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

    private Optional<Joined> find(String store) {
        Joined known = joined.get(store);
        if (known != null) {
            return Optional.of(known);
        }
        SurroundingTransaction surrounding = stores.component(store)
                .capabilities()
                .find(SurroundingTransaction.class)
                .orElse(null);
        if (surrounding == null) {
            return Optional.empty();
        }
        PlatformTransactionManager manager = manager(store, surrounding);
        if (manager == null) {
            return Optional.empty();
        }
        Joined found = new Joined(manager, surrounding);
        joined.put(store, found);
        return Optional.of(found);
    }

    private @Nullable PlatformTransactionManager manager(String store, SurroundingTransaction surrounding) {
        for (PlatformTransactionManager manager : managers) {
            List<Object> resources = TransactionResources.of(manager);
            if (resources.stream().anyMatch(surrounding::on) && isSeen(surrounding, manager, true)) {
                return manager;
            }
        }
        for (PlatformTransactionManager manager : managers) {
            if (TransactionResources.of(manager).isEmpty()) {
                try {
                    if (isSeen(surrounding, manager, false)) {
                        return manager;
                    }
                } catch (TransactionException unreachable) {
                    throw unknown(store, manager, unreachable);
                }
            }
        }
        return null;
    }

    /** Asks by a transaction, for not every manager binds what it names. */
    private static boolean isSeen(
            SurroundingTransaction surrounding, PlatformTransactionManager manager, boolean named) {
        TransactionStatus status;
        try {
            status = manager.getTransaction(new DefaultTransactionDefinition());
        } catch (TransactionException unreachable) {
            if (named) {
                return true; // the database is away, and each call looks again
            }
            throw unreachable;
        }
        try {
            return surrounding.active();
        } finally {
            manager.rollback(status);
        }
    }

    private static InvalidConfigurationException unknown(
            String store, PlatformTransactionManager manager, TransactionException cause) {
        Mistake mistake = new Mistake(
                "MECHA-B116",
                PropertyNames.store(store, "type"),
                "It is unknown whether inboxes in state store '%s' take part in the transactions of %s: it names no resource,"
                                .formatted(store, manager.getClass().getName())
                        + " and cannot begin a transaction now.",
                "Start again when its resource can be reached, or let the manager implement ResourceTransactionManager.");
        return new InvalidConfigurationException(List.of(mistake), cause);
    }
}
