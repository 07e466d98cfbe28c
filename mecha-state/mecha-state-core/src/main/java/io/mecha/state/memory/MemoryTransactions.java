// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.TransactionResult.Conflict;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.memory.Slot.Stored;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Transactions;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Changes of several keys at once.
 *
 * <p>A transaction replaces the slot of each of its keys, in ascending order of the keys, by a {@link Slot.Held} that
 * remembers what was there. Nobody else changes a held key: writers and other transactions wait until it is let go.
 * Readers never wait. They look at the one flag that all held slots of a transaction share: until it is set they see what
 * was there, from then on what the transaction made of it. Setting the flag is the commit, so a transaction becomes visible
 * as a whole, a failed one never, and a value that was seen once never gives way to an older one. Afterwards the held slots
 * are replaced by plain ones. The order in which keys are taken excludes deadlocks; holding also the keys that are only
 * looked at excludes write skew. This is strict two-phase locking whose lock table is the map itself, with the shared flag
 * of a multi-word compare-and-swap [1]. A plain read or write pays one type check for it.
 *
 * <p>Reading several keys could still meet one before and one after a commit. {@link #read} therefore counts commits that
 * begin and that ended: if as many began by the end of the reading as had ended at its start, none happened in between.
 * Otherwise it reads again with the keys held.
 *
 * <p>[1] T. Harris, K. Fraser, I. Pratt: A Practical Multi-Word Compare-and-Swap Operation, DISC 2002.
 */
final class MemoryTransactions implements Transactions {

    private final MemoryStateBackend backend;
    private final Slots slots;
    private final MemoryLeases leases;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    MemoryTransactions(MemoryStateBackend backend, Slots slots, MemoryLeases leases) {
        this.backend = backend;
        this.slots = slots;
        this.leases = leases;
    }

    @Override
    public int maximumOperations() {
        return Integer.MAX_VALUE;
    }

    @Override
    public TransactionResult execute(List<Operation> operations) {
        backend.requireOpen();
        List<Fence> fences = Fence.of(operations);
        List<KeyOperation> onKeys = KeyOperation.of(operations);
        if (fences.isEmpty()) {
            return executeOnKeys(onKeys);
        }
        try (MemoryFences held = fences()) {
            Fenced refusal = held.enter(fences);
            return refusal == null ? executeOnKeys(onKeys) : refusal;
        }
    }

    /** Make room for the fences of a transaction. */
    MemoryFences fences() {
        return new MemoryFences(leases);
    }

    private TransactionResult executeOnKeys(List<KeyOperation> operations) {
        TreeSet<String> keys = new TreeSet<>();
        operations.forEach(operation -> keys.add(operation.key()));
        TransactionResult result;
        try (Hold hold = Hold.take(slots, keys)) {
            result = apply(operations, hold);
        }
        if (result.committed()) {
            operations.stream().filter(Mutation.class::isInstance).forEach(backend::changed);
        }
        return result;
    }

    private TransactionResult apply(List<KeyOperation> operations, Hold hold) {
        Map<String, Stored> values = new HashMap<>();
        hold.keys().forEach((key, held) -> {
            Stored before = held.before();
            if (before != null && slots.live(before) != null) {
                values.put(key, before);
            }
        });
        Map<String, String> versions = new LinkedHashMap<>();
        for (KeyOperation operation : operations) {
            String key = operation.key();
            Stored value = values.get(key);
            Entry current = value == null ? null : value.entry();
            if (!Expectation.holds(operation.precondition(), current)) {
                return new Conflict(key, Expectation.version(operation.precondition()), Expectation.version(current));
            }
            if (operation instanceof Put put) {
                Stored next = backend.stored(put);
                values.put(key, next);
                versions.put(key, next.entry().version());
            } else if (operation instanceof Mutation) {
                values.remove(key);
                versions.remove(key);
            }
        }
        hold.keys().forEach((key, held) -> held.become(values.get(key)));
        commit(hold);
        return new Committed(versions);
    }

    /** Make visible what keys that are held became, and let readers of several keys know. */
    void commit(Hold hold) {
        begun.incrementAndGet();
        hold.commit();
        ended.incrementAndGet();
    }

    /** Read several keys so that each transaction is seen as a whole or not at all. */
    Map<String, Entry> read(Collection<String> keys) {
        long before = ended.get();
        Map<String, Entry> entries = collect(keys);
        if (begun.get() == before) {
            return entries;
        }
        try (Hold hold = Hold.take(slots, new TreeSet<>(keys))) {
            return collect(hold.keys().keySet());
        }
    }

    private Map<String, Entry> collect(Collection<String> keys) {
        Map<String, Entry> entries = new HashMap<>();
        for (String key : keys) {
            Entry entry = slots.live(slots.get(key));
            if (entry != null) {
                entries.put(key, entry);
            }
        }
        return entries;
    }
}
