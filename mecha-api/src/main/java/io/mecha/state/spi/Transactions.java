// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.state.TransactionResult;
import java.util.List;

/**
 * Several operations, all or nothing.
 *
 * @since 1.0
 */
public interface Transactions {

    /**
     * Return how many operations one transaction may have.
     *
     * @return the limit; at least two
     */
    int maximumOperations();

    /**
     * Apply operations in order, all or nothing, isolated from other writers.
     *
     * @param operations at least one operation; a later one sees what an earlier one did to the same key
     * @return {@code Committed} with the version of each key that has a value because of the transaction; {@code Fenced} for
     *     the first {@link Fence} that does not hold, or else {@code Conflict} for the first precondition; then nothing was applied
     * @implSpec A {@link Fence} comes only to backends that have {@link Leases}. A fence or precondition that does not hold never fails a
     *     surrounding transaction of the application.
     */
    TransactionResult execute(List<Operation> operations);
}
