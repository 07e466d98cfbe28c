// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.Capabilities;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.TransactionResult;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A memory backend whose calls join the transaction of their thread, if there is one. */
final class JoiningMemoryBackend implements StateBackend {

    private final MemoryStateBackend backend;
    private final MemoryTransactions transactions;
    private final Slots slots;
    private final TransactionScope scope;
    private final Capabilities capabilities;

    JoiningMemoryBackend(
            MemoryStateBackend backend, MemoryTransactions transactions, Slots slots, TransactionScope scope) {
        this.backend = backend;
        this.transactions = transactions;
        this.slots = slots;
        this.scope = scope;
        this.capabilities = backend.capabilities()
                .map(Transactions.class, Joining::new)
                .with(KeyScan.class, new MemoryKeyScan(backend, slots, this::live))
                .with(SurroundingTransaction.class, new Surrounding());
    }

    private @Nullable MemoryTransaction current() {
        return scope.active()
                ? scope.participant(backend, () -> new MemoryTransaction(backend, transactions, slots))
                : null;
    }

    private @Nullable Entry live(String key) {
        MemoryTransaction transaction = current();
        return transaction == null ? slots.live(slots.get(key)) : transaction.read(key);
    }

    @Override
    public @Nullable Entry read(String key) {
        backend.requireOpen();
        return live(key);
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        MemoryTransaction transaction = current();
        Map<String, Entry> entries = backend.readAll(keys);
        if (transaction == null) {
            return entries;
        }
        Map<String, Entry> own = new HashMap<>();
        for (String key : keys) {
            Entry entry = transaction.read(key);
            if (entry != null) {
                own.put(key, entry);
            }
        }
        return own;
    }

    @Override
    public WriteResult write(Mutation mutation) {
        backend.requireOpen();
        MemoryTransaction transaction = current();
        return transaction == null ? backend.write(mutation) : transaction.write(mutation);
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        return mutations.stream().map(this::write).toList();
    }

    @Override
    public int maximumValueSize() {
        return backend.maximumValueSize();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        backend.ping();
    }

    @Override
    public void close() {
        backend.close();
    }

    private final class Joining implements Transactions {

        private final Transactions alone;

        Joining(Transactions alone) {
            this.alone = alone;
        }

        @Override
        public int maximumOperations() {
            return alone.maximumOperations();
        }

        @Override
        public TransactionResult execute(List<Operation> operations) {
            backend.requireOpen();
            MemoryTransaction transaction = current();
            return transaction == null ? alone.execute(operations) : transaction.execute(operations);
        }
    }

    private final class Surrounding implements SurroundingTransaction {

        @Override
        public boolean active() {
            return scope.active();
        }

        @Override
        public Optional<String> snapshot() {
            return Optional.empty();
        }

        @Override
        public boolean on(Object resource) {
            return false; // so that an inbox keeps its entries by itself
        }

        @Override
        public void afterCompletion(Runnable action) {
            scope.afterCompletion(action);
        }

        @Override
        public void afterCommit(Runnable action) {
            scope.afterCommit(action);
        }
    }
}
