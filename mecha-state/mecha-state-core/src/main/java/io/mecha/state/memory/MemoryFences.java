// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.spi.Fence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fences of one transaction, from when it looked at them until it is over. */
final class MemoryFences implements AutoCloseable {

    private final MemoryLeases leases;
    private final List<Fence> entered = new ArrayList<>();

    MemoryFences(MemoryLeases leases) {
        this.leases = leases;
    }

    /** Look at fences; returns the first that does not hold, {@code null} if all do. */
    @Nullable Fenced enter(List<Fence> fences) {
        for (Fence fence : fences) {
            Term term = leases.enter(fence.lease(), fence.token());
            if (term == null || term.token() != fence.token()) {
                return new Fenced(fence.lease(), fence.token(), term == null ? null : term.token());
            }
            entered.add(fence);
        }
        return null;
    }

    @Override
    public void close() {
        entered.forEach(fence -> leases.leave(fence.lease(), fence.token()));
        entered.clear();
    }
}
