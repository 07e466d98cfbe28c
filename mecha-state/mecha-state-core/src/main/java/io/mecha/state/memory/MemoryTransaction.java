// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.TransactionResult.Conflict;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.WriteResult;
import io.mecha.state.memory.Slot.Held;
import io.mecha.state.memory.Slot.Stored;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Operation;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of the application in a memory store, as a database at isolation level read committed would have it.
 *
 * <p>A write holds its key until the end, so that other writers wait; others read what was there before. Unlike {@link
 * MemoryTransactions}, which knows its keys beforehand, two of these can wait for each other: no wait is longer than {@link #PATIENCE}.
 */
final class MemoryTransaction implements TransactionScope.Participant {

    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final MemoryStateBackend backend;
    private final MemoryTransactions transactions;
    private final Slots slots;
    private final Hold hold;
    private final MemoryFences fences;
    private final Map<String, KeyOperation> changes = new LinkedHashMap<>();

    MemoryTransaction(MemoryStateBackend backend, MemoryTransactions transactions, Slots slots) {
        this.backend = backend;
        this.transactions = transactions;
        this.slots = slots;
        this.hold = Hold.open(slots, backend.store(), PATIENCE);
        this.fences = transactions.fences();
    }

    @Nullable Entry read(String key) {
        Held held = hold.keys().get(key);
        return slots.live(held == null ? slots.get(key) : held.after());
    }

    WriteResult write(Mutation mutation) {
        Entry current = take(mutation.key());
        if (!Expectation.holds(mutation.precondition(), current)) {
            return new WriteResult.Conflict(Expectation.version(mutation.precondition()), Expectation.version(current));
        }
        String version = apply(mutation);
        return version == null ? new WriteResult.Removed(current != null) : new WriteResult.Written(version);
    }

    /** Applies all operations or none; what was written before stays, whatever comes of them. */
    TransactionResult execute(List<Operation> operations) {
        Fenced refusal = fences.enter(Fence.of(operations));
        return refusal == null ? executeOnKeys(KeyOperation.of(operations)) : refusal;
    }

    private TransactionResult executeOnKeys(List<KeyOperation> operations) {
        Map<String, @Nullable Stored> before = new HashMap<>();
        Map<String, String> versions = new LinkedHashMap<>();
        for (KeyOperation operation : operations) {
            String key = operation.key();
            Entry current = take(key);
            before.putIfAbsent(key, held(key).after());
            if (!Expectation.holds(operation.precondition(), current)) {
                before.forEach((changed, value) -> held(changed).become(value));
                return new Conflict(key, Expectation.version(operation.precondition()), Expectation.version(current));
            }
            if (operation instanceof Mutation mutation) {
                String version = apply(mutation);
                versions.remove(key);
                if (version != null) {
                    versions.put(key, version);
                }
            }
        }
        return new Committed(versions);
    }

    /** Holds a key, and returns what this transaction made of it. */
    private @Nullable Entry take(String key) {
        if (!hold.keys().containsKey(key)) {
            hold.take(key);
        }
        return slots.live(held(key).after());
    }

    private Held held(String key) {
        Held held = hold.keys().get(key);
        if (held == null) {
            throw new IllegalStateException("The key is not held");
        }
        return held;
    }

    /** Returns the version of a value that is put, {@code null} for a removal. */
    private @Nullable String apply(Mutation mutation) {
        Stored next = mutation instanceof Put put ? backend.stored(put) : null;
        held(mutation.key()).become(next);
        changes.put(mutation.key(), mutation);
        return next == null ? null : next.entry().version();
    }

    @Override
    public void commit() {
        transactions.commit(hold);
        hold.close();
        fences.close();
        changes.values().forEach(backend::changed);
    }

    @Override
    public void rollback() {
        hold.close();
        fences.close();
    }
}
