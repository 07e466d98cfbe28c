// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The number of messages of a group that are not acknowledged; senders wait while there are too many. */
final class Backlog {

    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<CompletableFuture<Void>> senders = new ConcurrentLinkedQueue<>();
    private volatile int limit = Integer.MAX_VALUE;

    /** Counts a message; returns what completes when there is room for it, or {@code null} if there is. */
    @Nullable CompletableFuture<Void> added(int limit) {
        if (size.incrementAndGet() <= limit) {
            return null;
        }
        this.limit = limit;
        CompletableFuture<Void> room = new CompletableFuture<>();
        senders.add(room);
        waiting.incrementAndGet();
        letOn();
        return room;
    }

    void removed() {
        size.decrementAndGet();
        if (waiting.get() > 0) {
            letOn();
        }
    }

    int size() {
        return size.get();
    }

    /** Lets the oldest senders go on until only as many wait as there are messages too many. */
    private void letOn() {
        while (waiting.get() > Math.max(0, size.get() - limit)) {
            CompletableFuture<Void> room = senders.poll();
            if (room == null) {
                return;
            }
            waiting.decrementAndGet();
            room.complete(null);
        }
    }
}
