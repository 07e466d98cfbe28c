// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Capabilities;
import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.Precondition;
import io.mecha.state.StateContentionException;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Conflict;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backend that has leases beside its transactions, on keys that neither scans show nor the application can name. */
final class LeasingBackend implements StateBackend {

    /** What keys of leases begin with after the prefix of the store. */
    static final String RESERVED = StateRules.RESERVED + "lease||";

    private static final int ATTEMPTS = 100;

    private final String store;
    private final StateBackend delegate;
    private final KeyLeases leases;
    private final String prefix;
    private final Capabilities capabilities;

    private LeasingBackend(
            String store, StateBackend delegate, Transactions transactions, String prefix, InstantSource clock) {
        this.store = store;
        this.delegate = delegate;
        this.prefix = prefix;
        this.leases = new KeyLeases(store, delegate, transactions, prefix, clock);
        this.capabilities = delegate.capabilities()
                .map(Transactions.class, FencedTransactions::new)
                .map(KeyScan.class, OpenScan::new)
                .with(Leases.class, leases);
    }

    /**
     * Give a backend leases if it has none and can have them.
     *
     * @param store name of the store, for messages
     * @param backend the backend
     * @param prefix what keys of leases begin with
     * @param clock what time it is on this machine
     * @return the backend, or one around it
     */
    static StateBackend around(String store, StateBackend backend, String prefix, InstantSource clock) {
        if (backend.capabilities().find(Leases.class).isPresent()) {
            return backend;
        }
        return backend.capabilities()
                .find(Transactions.class)
                .<StateBackend>map(transactions -> new LeasingBackend(store, backend, transactions, prefix, clock))
                .orElse(backend);
    }

    @Override
    public @Nullable Entry read(String key) {
        return delegate.read(key);
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        return delegate.readAll(keys);
    }

    @Override
    public WriteResult write(Mutation mutation) {
        return delegate.write(mutation);
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        return delegate.writeAll(mutations);
    }

    @Override
    public int maximumValueSize() {
        return delegate.maximumValueSize();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        delegate.ping();
    }

    @Override
    public void close() {
        delegate.close();
    }

    /** Transactions in which a fence is a demand on the key that has the token. */
    private final class FencedTransactions implements Transactions {

        private final Transactions transactions;

        FencedTransactions(Transactions transactions) {
            this.transactions = transactions;
        }

        @Override
        public int maximumOperations() {
            return transactions.maximumOperations();
        }

        @Override
        public TransactionResult execute(List<Operation> operations) {
            List<Fence> fences = Fence.of(operations);
            if (fences.isEmpty()) {
                return transactions.execute(operations);
            }
            Map<String, Fence> byKey = new LinkedHashMap<>();
            fences.forEach(fence -> byKey.putIfAbsent(leases.fenceKey(fence.lease()), fence));
            List<KeyOperation> onKeys = KeyOperation.of(operations);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Map<String, Entry> tokens = delegate.readAll(byKey.keySet());
                for (Fence fence : fences) {
                    Entry entry = tokens.get(leases.fenceKey(fence.lease()));
                    if (entry == null || KeyLeases.token(entry) != fence.token()) {
                        Long newest = entry == null ? null : (Long) KeyLeases.token(entry);
                        return new Fenced(fence.lease(), fence.token(), newest);
                    }
                }
                List<Operation> demanding = new ArrayList<>(byKey.size() + onKeys.size());
                tokens.forEach((key, entry) -> demanding.add(new Require(key, Precondition.version(entry.version()))));
                demanding.addAll(onKeys);
                TransactionResult result = transactions.execute(demanding);
                if (!(result instanceof Conflict conflict) || !byKey.containsKey(conflict.key())) {
                    return result;
                }
            }
            throw StateContentionException.transactionLost(store, "the token of a lease is renewed", false, null);
        }
    }

    /** A scan that leaves out the keys of leases. */
    private final class OpenScan implements KeyScan {

        private final KeyScan scan;

        OpenScan(KeyScan scan) {
            this.scan = scan;
        }

        @Override
        public boolean ordered() {
            return scan.ordered();
        }

        @Override
        public Page<String> keys(String prefixOfKeys, PageRequest page) {
            Page<String> found = scan.keys(prefixOfKeys, page);
            List<String> open = found.items().stream()
                    .filter(key -> !key.startsWith(prefix))
                    .toList();
            return open.size() == found.items().size() ? found : new Page<>(open, found.following());
        }
    }
}
