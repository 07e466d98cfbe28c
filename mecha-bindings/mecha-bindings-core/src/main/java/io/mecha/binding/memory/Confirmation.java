// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A confirmation that completes when each of several groups is done with a message. */
final class Confirmation {

    private final CompletableFuture<Void> handled = new CompletableFuture<>();
    private final AtomicInteger groups = new AtomicInteger();

    /** Begins to wait for groups; called once, before the message is queued. */
    void expect(int count) {
        groups.set(count);
    }

    void done() {
        if (groups.decrementAndGet() == 0) {
            handled.complete(null);
        }
    }

    CompletableFuture<Void> handled() {
        return handled;
    }
}
