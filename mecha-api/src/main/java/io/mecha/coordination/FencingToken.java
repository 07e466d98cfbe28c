// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.util.Objects;

/**
 * The number of one grant of a lock or a leadership, by which a resource tells the newest holder from those before.
 *
 * <p>A holder that was paused may go on after somebody else has taken over, whatever it checked before. A resource that remembers the
 * highest token that it has seen, and refuses lower ones, is safe from that: a state store does so in a transaction with {@code
 * Transaction.fence}, a database in one after {@link HeldLease#guard}, and any other system with {@link #value}.
 *
 * @param store name of the state store that keeps the lease
 * @param lease name of the lease in that store, with the prefix of the application
 * @param value the number; higher than that of every earlier grant of the name
 * @since 1.0
 */
public record FencingToken(String store, String lease, long value) {

    public FencingToken {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(lease, "lease");
    }
}
