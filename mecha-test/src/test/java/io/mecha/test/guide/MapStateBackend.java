// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.guide;

import io.mecha.Capabilities;
import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.VersionSequence;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

// tag::backend[]
/** The smallest adapter: a map in this JVM, without capabilities. */
final class MapStateBackend implements StateBackend {

    static final String TYPE = "map";

    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final VersionSequence versions = new VersionSequence();
    private final String store;
    private final InstantSource clock;
    private volatile boolean closed;

    MapStateBackend(String store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public @Nullable Entry read(String key) {
        requireOpen();
        return current(entries.get(key));
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        Map<String, Entry> found = new HashMap<>();
        for (String key : keys) {
            Entry entry = read(key);
            if (entry != null) {
                found.put(key, entry);
            }
        }
        return found;
    }

    @Override
    public WriteResult write(Mutation mutation) {
        requireOpen();
        WriteResult[] result = new WriteResult[1];
        entries.compute(mutation.key(), (key, stored) -> { // compares and writes in one atomic step
            Entry before = current(stored);
            if (!holds(mutation.precondition(), before)) {
                result[0] = conflict(mutation.precondition(), before);
                return before;
            }
            Entry after = mutation instanceof Put put ? entry(put) : null;
            result[0] =
                    after == null ? new WriteResult.Removed(before != null) : new WriteResult.Written(after.version());
            return after;
        });
        return result[0];
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        requireOpen();
        return mutations.stream().map(this::write).toList();
    }

    @Override
    public int maximumValueSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.none();
    }

    @Override
    public void ping() {
        requireOpen();
    }

    @Override
    public void close() {
        closed = true;
    }
    // end::backend[]

    /** Delete what has expired; a server, or a loop in the background, does it for a real adapter. */
    void purge() {
        entries.values().removeIf(entry -> current(entry) == null);
    }

    int size() {
        purge();
        return entries.size();
    }

    private Entry entry(Put put) {
        Instant expiry = put.timeToLive() == null ? null : clock.instant().plus(put.timeToLive());
        return new Entry(put.value(), versions.next(), expiry);
    }

    private @Nullable Entry current(@Nullable Entry entry) {
        boolean expired =
                entry != null && entry.expiresAt() != null && !clock.instant().isBefore(entry.expiresAt());
        return expired ? null : entry;
    }

    private static boolean holds(Precondition precondition, @Nullable Entry entry) {
        if (precondition instanceof Precondition.Version version) {
            return entry != null && entry.version().equals(version.version());
        }
        return precondition instanceof Precondition.None || entry == null;
    }

    private static WriteResult.Conflict conflict(Precondition precondition, @Nullable Entry entry) {
        return new WriteResult.Conflict(
                precondition instanceof Precondition.Version version ? version.version() : null,
                entry == null ? null : entry.version());
    }

    private void requireOpen() {
        if (closed) {
            throw StateUnavailableException.closed(store, TYPE);
        }
    }
}
