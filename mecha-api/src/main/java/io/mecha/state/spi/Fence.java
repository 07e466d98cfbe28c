// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A demand that the token of a lease is the newest one of its name, from when the transaction looks until it is over.
 *
 * <p>Holds also when the lease has ended, as long as nobody else got it. For backends with {@link Leases}.
 *
 * @param lease name of the lease
 * @param token the token
 * @since 1.0
 * @implSpec A grant of the name and the transaction exclude each other: it is not enough that the token was the newest when
 *     the transaction looked. A renewal and the transaction do not. Fences are looked at before keys, wherever they stand.
 */
public record Fence(String lease, long token) implements Operation {

    public Fence {
        Objects.requireNonNull(lease, "lease");
    }

    /**
     * Pick the fences of a transaction.
     *
     * @param operations the operations of a transaction
     * @return the fences among them, in order
     */
    public static List<Fence> of(List<? extends Operation> operations) {
        List<Fence> fences = List.of();
        for (Operation operation : operations) {
            if (operation instanceof Fence fence) {
                fences = fences.isEmpty() ? new ArrayList<>() : fences;
                fences.add(fence);
            }
        }
        return fences;
    }
}
