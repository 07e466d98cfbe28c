// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.MechaException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A state store with the methods that an inbox uses, which fails when told to. */
final class ScriptedStore {

    final AtomicInteger refused = new AtomicInteger();
    volatile boolean refuseWrites;
    private final InstantSource clock;
    private final Map<String, Entry> entries = new TreeMap<>();
    private int versions;

    ScriptedStore(InstantSource clock) {
        this.clock = clock;
    }

    @SuppressWarnings("unchecked")
    KeyValueStore<byte[]> store() {
        return (KeyValueStore<byte[]>) Proxy.newProxyInstance(
                ScriptedStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "name" -> "dedup";
                    case "putIfAbsent" ->
                        put((String) arguments[0], (byte[]) arguments[1], null, (PutOptions) arguments[2]);
                    case "replace" ->
                        put((String) arguments[0], (byte[]) arguments[1], (String) arguments[2], (PutOptions)
                                arguments[3]);
                    case "find" -> find((String) arguments[0]);
                    case "remove" -> remove((String) arguments[0]);
                    default -> throw new IllegalStateException(method.getName());
                });
    }

    private synchronized WriteResult put(String key, byte[] value, @Nullable String version, PutOptions options) {
        refuse();
        Entry present = live(key);
        String actual = present == null ? null : present.version;
        if (version == null ? actual != null : !version.equals(actual)) {
            return new WriteResult.Conflict(version, actual);
        }
        Entry entry = new Entry(
                value, "v" + ++versions, clock.instant().plus(Objects.requireNonNull(options.timeToLiveOr(null))));
        entries.put(key, entry);
        return new WriteResult.Written(entry.version);
    }

    private void refuse() {
        if (refuseWrites) {
            refused.incrementAndGet();
            throw new Refused();
        }
    }

    private @Nullable Entry live(String key) {
        Entry entry = entries.get(key);
        return entry == null || !clock.instant().isBefore(entry.expiry) ? null : entry;
    }

    private synchronized Optional<Versioned<byte[]>> find(String key) {
        Entry entry = live(key);
        return entry == null
                ? Optional.empty()
                : Optional.of(new Versioned<>(entry.value, entry.version, entry.expiry));
    }

    private synchronized Object remove(String key) {
        refuse();
        entries.remove(key);
        return new WriteResult.Removed(true);
    }

    synchronized List<String> keys() {
        return new ArrayList<>(entries.keySet());
    }

    synchronized void keepOnly(List<String> keys) {
        entries.keySet().retainAll(keys);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(byte[] value, String version, Instant expiry) {}

    /** The store cannot be reached. */
    private static final class Refused extends MechaException {

        private static final long serialVersionUID = 1L;

        Refused() {
            super("MECHA-S301", "The store is down.", "Wait.", null);
        }
    }
}
