// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.state.Precondition;

/**
 * A request for one step of a transaction.
 *
 * @since 1.0
 */
public sealed interface Operation permits Mutation, Require {

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
}
