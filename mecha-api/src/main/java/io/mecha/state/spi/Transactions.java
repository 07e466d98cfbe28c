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
     * @return {@code Committed} with the version of each key that has a value because of the transaction, or {@code
     *     Conflict} for the first precondition that does not hold; then nothing was applied
     * @implSpec A failed precondition never fails a surrounding transaction of the application.
     */
    TransactionResult execute(List<Operation> operations);
}
