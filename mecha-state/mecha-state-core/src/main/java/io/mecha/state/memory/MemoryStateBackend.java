// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.Capabilities;
import io.mecha.runtime.ElapsedTime;
import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.WriteResult.Removed;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.memory.Slot.Held;
import io.mecha.state.memory.Slot.Stored;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.VersionSequence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A backend in the memory of this JVM, until it ends.
 *
 * <p>Behaves like a backend with a server, versions, expiry and transactions included, so that tests on it mean something.
 * Values are kept and handed back as they are, not copied. With a bound, keys that are used least are forgotten: a cache.
 *
 * <p>Thread-safe. A read is one look-up and allocates nothing. A write is a compare-and-set of the key's slot: it reads
 * the slot, decides, and starts again if somebody else was faster. No lock is shared between keys, except for the moment in
 * which the concurrent map changes a bin. How transactions fit in is told in {@link MemoryTransactions}.
 *
 * @since 1.0
 */
public final class MemoryStateBackend implements StateBackend {

    static final String TYPE = "memory";

    /** A century: what lives longer outlives this JVM. */
    private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(36_500);

    private static final long NANOS_OF_A_MILLI = 1_000_000;

    private static final WriteResult REMOVED = new Removed(true);
    private static final WriteResult REMOVED_NOTHING = new Removed(false);

    private final String store;
    private final InstantSource clock;
    private final ElapsedTime time;
    private final Slots slots;
    private final Sweeper sweeper;
    private final VersionSequence versions = new VersionSequence();
    private final MemoryNotifications notifications = new MemoryNotifications();
    private final MemoryLeases leases;
    private final MemoryTransactions transactions;
    private final Capabilities capabilities;
    private volatile boolean closed;

    /**
     * Create an empty backend without a bound.
     *
     * @param clock tells when values expire; they do by elapsed time, or by that of a {@link io.mecha.VirtualClock}
     */
    public MemoryStateBackend(InstantSource clock) {
        this(TYPE, clock, MemoryStateOptions.unbounded());
    }

    /**
     * Create an empty backend.
     *
     * @param store name of the store, for messages
     * @param clock tells when values expire; they do by elapsed time, or by that of a {@link io.mecha.VirtualClock}
     * @param options how much to keep
     */
    public MemoryStateBackend(String store, InstantSource clock, MemoryStateOptions options) {
        this.store = store;
        this.clock = clock;
        this.time = ElapsedTime.of(clock);
        this.slots = new Slots(time, options.maximumSize(), notifications::changed);
        this.sweeper = new Sweeper(slots);
        this.leases = new MemoryLeases(this, clock, time);
        this.transactions = new MemoryTransactions(this, slots, leases);
        this.capabilities = Capabilities.none()
                .with(Transactions.class, transactions)
                .with(KeyScan.class, new MemoryKeyScan(this, slots, key -> slots.live(slots.get(key))))
                .with(ChangeNotifications.class, notifications)
                .with(Leases.class, leases);
    }

    /**
     * Create an empty backend whose calls join transactions.
     *
     * @param store name of the store, for messages
     * @param clock tells when values expire; they do by elapsed time, or by that of a {@link io.mecha.VirtualClock}
     * @param options how much to keep
     * @param scope tells of the transactions
     * @return the backend
     */
    public static StateBackend joining(
            String store, InstantSource clock, MemoryStateOptions options, TransactionScope scope) {
        MemoryStateBackend backend = new MemoryStateBackend(store, clock, options);
        return new JoiningMemoryBackend(backend, backend.transactions, backend.slots, scope);
    }

    @Override
    public @Nullable Entry read(String key) {
        requireOpen();
        return slots.live(slots.get(key));
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        requireOpen();
        return transactions.read(keys);
    }

    @Override
    public WriteResult write(Mutation mutation) {
        requireOpen();
        String key = mutation.key();
        Precondition precondition = mutation.precondition();
        Stored next = mutation instanceof Put put ? stored(put) : null;
        while (true) {
            Slot slot = slots.get(key);
            if (slot instanceof Held held) {
                held.hold().await();
                continue;
            }
            Entry current = slots.live(slot);
            if (!Expectation.holds(precondition, current)) {
                return new Conflict(Expectation.version(precondition), Expectation.version(current));
            }
            if (slots.compareAndSet(key, slot, next)) {
                changed(mutation);
                return next == null
                        ? current == null ? REMOVED_NOTHING : REMOVED
                        : new Written(next.entry().version());
            }
        }
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        requireOpen();
        List<WriteResult> results = new ArrayList<>(mutations.size());
        mutations.forEach(mutation -> results.add(write(mutation)));
        return results;
    }

    @Override
    public int maximumValueSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        requireOpen();
    }

    @Override
    public void close() {
        closed = true;
        notifications.close();
        slots.clear();
        leases.clear();
    }

    String store() {
        return store;
    }

    void requireOpen() {
        if (closed) {
            throw StateUnavailableException.closed(store, TYPE);
        }
    }

    /** Make the slot for a put, with a version of its own. */
    @SuppressWarnings("JavaInstantGetSecondsGetNano") // what is beyond the milliseconds, alone
    Stored stored(Put put) {
        Duration timeToLive = put.timeToLive();
        if (timeToLive == null) {
            return Stored.lasting(new Entry(put.value(), versions.next(), null));
        }
        long millis = timeToLive.toMillis();
        Instant now = clock.instant();
        Instant expiresAt = Instant.ofEpochMilli(Math.addExact(now.toEpochMilli(), millis));
        Entry entry = new Entry(put.value(), versions.next(), expiresAt);
        return millis > LONGEST_MILLIS
                ? Stored.lasting(entry)
                : Stored.passing(
                        entry, time.nanos() + TimeUnit.MILLISECONDS.toNanos(millis) - now.getNano() % NANOS_OF_A_MILLI);
    }

    /** Do what follows a change that can be seen. */
    void changed(KeyOperation operation) {
        if (operation instanceof Put put && put.timeToLive() != null) {
            sweeper.expect();
        }
        notifications.changed(operation.key());
    }

    /** Forget what is known of leases that are over, as time or a crash does. */
    void forgetLeases() {
        leases.forget(time.nanos());
    }

    /** Count what is stored, expired or not. */
    int storedEntries() {
        return slots.size();
    }
}
