// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.SpringTransaction;
import io.mecha.state.spi.SurroundingTransaction;

/**
 * Tell whether Spring has a transaction of the data source on this thread.
 *
 * @param transaction knows
 */
record JoinedTransaction(SpringTransaction transaction) implements SurroundingTransaction {

    @Override
    public boolean active() {
        return transaction.active();
    }

    @Override
    public boolean on(Object resource) {
        return transaction.on(resource);
    }

    @Override
    public void afterCompletion(Runnable action) {
        transaction.onCompletion(status -> action.run());
    }
}
