// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.state.Precondition;
import java.util.ArrayList;
import java.util.List;

/**
 * A request for one step of a transaction that is about a key.
 *
 * @since 1.0
 */
public sealed interface KeyOperation extends Operation permits Mutation, Require {

    /**
     * Return the key that is written or looked at.
     *
     * @return the key, with the store's prefix
     */
    String key();

    /**
     * Return what must be true of the key.
     *
     * @return the precondition
     */
    Precondition precondition();

    /**
     * Pick the operations on keys of a transaction.
     *
     * @param operations the operations of a transaction
     * @return those on keys, in order
     */
    static List<KeyOperation> of(List<? extends Operation> operations) {
        List<KeyOperation> onKeys = new ArrayList<>(operations.size());
        for (Operation operation : operations) {
            if (operation instanceof KeyOperation onKey) {
                onKeys.add(onKey);
            }
        }
        return onKeys;
    }
}
