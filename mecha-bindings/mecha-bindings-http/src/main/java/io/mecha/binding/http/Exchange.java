// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** One request that was handed out, once to each group, and is answered when all have finished it. */
final class Exchange {

    private final AtomicInteger open;
    private final AtomicReference<Reply> worst = new AtomicReference<>(Reply.HANDLED);
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    Exchange(int groups) {
        open = new AtomicInteger(groups);
    }

    CompletableFuture<Reply> reply() {
        return reply;
    }

    /** Tells whether the sender still waits. */
    boolean isOpen() {
        return !reply.isDone();
    }

    void finish(Reply outcome) {
        worst.accumulateAndGet(outcome, Reply::or);
        if (open.decrementAndGet() == 0) {
            reply.complete(worst.get());
        }
    }
}
