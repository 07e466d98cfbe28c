// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.coordination.FencingToken;
import io.mecha.state.Precondition;
import io.mecha.state.PutOptions;
import io.mecha.state.Transaction;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Require;
import java.util.List;

/** The collected operations of a transaction, checked and converted one by one. */
final class CollectingTransaction<V> implements Transaction<V> {

    private final TypedStore<V> store;
    private final List<Operation> operations;

    CollectingTransaction(TypedStore<V> store, List<Operation> operations) {
        this.store = store;
        this.operations = operations;
    }

    @Override
    public void put(String key, V value, PutOptions options, Precondition precondition) {
        operations.add(store.put(key, value, options, precondition));
    }

    @Override
    public void remove(String key, Precondition precondition) {
        operations.add(new Mutation.Remove(store.stored(key), precondition));
    }

    @Override
    public void require(String key, Precondition precondition) {
        operations.add(new Require(store.stored(key), precondition));
    }

    @Override
    public void fence(FencingToken token) {
        operations.add(store.fence(token));
    }
}
