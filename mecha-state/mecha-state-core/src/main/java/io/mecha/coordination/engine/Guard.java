// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.Capabilities;
import io.mecha.coordination.FencedException;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.TransactionResult;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Transactions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The guard of the application's transactions on the database of a state store. */
final class Guard {

    private final String store;
    private final String type;
    private final @Nullable SurroundingTransaction surrounding;
    private final @Nullable Transactions transactions;

    Guard(String store, String type, Capabilities capabilities) {
        this.store = store;
        this.type = type;
        this.surrounding = capabilities.find(SurroundingTransaction.class).orElse(null);
        this.transactions = capabilities.find(Transactions.class).orElse(null);
    }

    /** Demand that a token is the newest until the transaction of this thread is over. */
    void check(String name, FencingToken token) {
        if (surrounding == null || transactions == null) {
            throw InvalidCoordinationRequestException.guard(
                    name,
                    store,
                    "a store of type '%s' takes part in no transactions of the application".formatted(type));
        }
        if (!surrounding.active()) {
            throw InvalidCoordinationRequestException.guard(
                    name, store, "there is none on the database that keeps the lease");
        }
        TransactionResult result = transactions.execute(List.of(new Fence(token.lease(), token.value())));
        if (result instanceof TransactionResult.Fenced fenced) {
            throw new FencedException(name, token, fenced.newest());
        }
    }
}
