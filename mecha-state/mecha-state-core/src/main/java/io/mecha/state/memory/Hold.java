// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.StateUnavailableException;
import io.mecha.state.memory.Slot.Held;
import io.mecha.state.memory.Slot.Stored;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The grip of one transaction on its keys, from before it looks at them until after it changed them. */
final class Hold implements AutoCloseable {

    private final Slots slots;
    private final Map<String, Held> keys = new LinkedHashMap<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final String store;
    private final @Nullable Duration patience;
    private volatile boolean committed;

    private Hold(Slots slots, String store, @Nullable Duration patience) {
        this.slots = slots;
        this.store = store;
        this.patience = patience;
    }

    /**
     * Begin without keys, to take them one by one.
     *
     * @param store name of the store, for messages
     * @param patience how long others wait for the keys
     */
    static Hold open(Slots slots, String store, Duration patience) {
        return new Hold(slots, store, patience);
    }

    /** Take keys, waiting for the holders of others. All take keys in ascending order, so no two wait for each other. */
    static Hold take(Slots slots, SortedSet<String> keys) {
        Hold hold = new Hold(slots, "", null);
        try {
            keys.forEach(hold::take);
            return hold;
        } catch (Throwable failure) {
            hold.close();
            throw failure;
        }
    }

    /**
     * Take a key.
     *
     * @throws StateUnavailableException if another open hold kept it for too long
     */
    void take(String key) {
        while (true) {
            Slot slot = slots.get(key);
            if (slot instanceof Held other) {
                other.hold().await();
                continue;
            }
            Held held = new Held((Stored) slot, this);
            if (slots.compareAndSet(key, slot, held)) {
                keys.put(key, held);
                return;
            }
        }
    }

    Map<String, Held> keys() {
        return keys;
    }

    /** Make what the keys become visible, for all of them at once. */
    void commit() {
        committed = true;
    }

    boolean isCommitted() {
        return committed;
    }

    /**
     * Wait until the keys are let go.
     *
     * @throws StateUnavailableException if they are kept for too long
     */
    void await() {
        if (patience == null) {
            released.join();
            return;
        }
        try {
            released.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw StateUnavailableException.nothingHappened(store, MemoryStateBackend.TYPE, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw StateUnavailableException.nothingHappened(store, MemoryStateBackend.TYPE, interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Let the keys go: as they became if committed, as they were if not. */
    @Override
    public void close() {
        try {
            keys.forEach((key, held) -> slots.compareAndSet(key, held, held.outcome()));
        } finally {
            released.complete(null);
        }
    }
}
