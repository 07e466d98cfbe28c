// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import io.mecha.coordination.FencingToken;
import io.mecha.runtime.Backoff;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.Change;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.Precondition;
import io.mecha.state.PutOptions;
import io.mecha.state.ReadResult;
import io.mecha.state.StateContentionException;
import io.mecha.state.Transaction;
import io.mecha.state.TransactionResult;
import io.mecha.state.UnreadableValueException;
import io.mecha.state.ValueTooLargeException;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The typed view of a store: checks arguments, adds the prefix, converts values and runs the loops of compute. */
final class TypedStore<V> implements KeyValueStore<V> {

    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofNanos(100_000), Duration.ofMillis(50)).shortened(1);
    private static final String NO_VERSION = "";

    private final String name;
    private final Settings settings;
    private final String prefix;
    private final StateBackend backend;
    private final Codec<Object> codec;
    private final String typeName;
    private final @Nullable Transactions transactions;
    private final @Nullable KeyScan keyScan;
    private final @Nullable SurroundingTransaction surrounding;

    TypedStore(Settings settings, StateBackend backend, Codec<Object> codec, String typeName) {
        this.name = settings.store;
        this.settings = settings;
        this.prefix = settings.keyPrefix;
        this.backend = backend;
        this.codec = codec;
        this.typeName = typeName;
        this.transactions = backend.capabilities().find(Transactions.class).orElse(null);
        this.keyScan = backend.capabilities().find(KeyScan.class).orElse(null);
        this.surrounding =
                backend.capabilities().find(SurroundingTransaction.class).orElse(null);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<V> get(String key) {
        Entry entry = backend.read(stored(key));
        return entry == null ? Optional.empty() : Optional.of(decode(key, entry));
    }

    @Override
    public Optional<Versioned<V>> find(String key) {
        Entry entry = backend.read(stored(key));
        return entry == null ? Optional.empty() : Optional.of(versioned(key, entry));
    }

    @Override
    public String put(String key, V value, PutOptions options) {
        return written(backend.write(put(key, value, options, Precondition.NONE)));
    }

    @Override
    public WriteResult replace(String key, V value, String version, PutOptions options) {
        return backend.write(put(key, value, options, version(version)));
    }

    @Override
    public WriteResult putIfAbsent(String key, V value, PutOptions options) {
        return backend.write(put(key, value, options, Precondition.ABSENT));
    }

    @Override
    public boolean remove(String key) {
        WriteResult result = backend.write(new Mutation.Remove(stored(key), Precondition.NONE));
        return result instanceof WriteResult.Removed removed && removed.existed();
    }

    @Override
    public WriteResult remove(String key, String version) {
        return backend.write(new Mutation.Remove(stored(key), version(version)));
    }

    @Override
    public @Nullable V compute(String key, UnaryOperator<@Nullable V> change, PutOptions options) {
        String stored = stored(key);
        requirePresent(options, "options");
        String lost = null;
        int attempts = settings.tuning.get().computeAttempts();
        for (int attempt = 0; attempt < attempts; attempt++) {
            pauseBefore(attempt);
            Entry entry = backend.read(stored);
            refuseWhatIsNotSeen(key, entry, lost);
            V next = change.apply(entry == null ? null : decode(key, entry));
            if (next == null && entry == null) {
                return null;
            }
            Precondition unchanged = entry == null ? Precondition.ABSENT : Precondition.version(entry.version());
            Mutation mutation =
                    next == null ? new Mutation.Remove(stored, unchanged) : put(key, next, options, unchanged);
            if (backend.write(mutation).applied()) {
                return next;
            }
            lost = version(entry);
        }
        throw new StateContentionException(name, key, attempts);
    }

    /** In a snapshot each attempt would lose to the same change. */
    private void refuseWhatIsNotSeen(String key, @Nullable Entry entry, @Nullable String lost) {
        if (version(entry).equals(lost) && surrounding != null && surrounding.active()) {
            throw StateContentionException.changeNotSeen(name, key);
        }
    }

    private static String version(@Nullable Entry entry) {
        return entry == null ? NO_VERSION : entry.version();
    }

    @Override
    public V compute(String key, V initial, UnaryOperator<V> change, PutOptions options) {
        requirePresent(initial, "initial value");
        V result = compute(
                key,
                current -> requirePresent(change.apply(current == null ? initial : current), "result of the function"),
                options);
        return requirePresent(result, "result of the function");
    }

    private static void pauseBefore(int attempt) {
        if (attempt > 0) {
            PAUSES.pause(attempt);
        }
    }

    @Override
    public List<ReadResult<V>> getAll(Collection<String> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        Collection<String> distinct = new LinkedHashSet<>();
        for (String key : keys) {
            distinct.add(stored(key));
        }
        Map<String, Entry> entries = backend.readAll(distinct);
        List<ReadResult<V>> results = new ArrayList<>(keys.size());
        for (String key : keys) {
            results.add(readResult(key, entries.get(prefix + key)));
        }
        return List.copyOf(results);
    }

    private ReadResult<V> readResult(String key, @Nullable Entry entry) {
        if (entry == null) {
            return new ReadResult.Missing<>(key);
        }
        try {
            return new ReadResult.Found<>(key, versioned(key, entry));
        } catch (UnreadableValueException failure) {
            return new ReadResult.Unreadable<>(key, failure);
        }
    }

    @Override
    public Map<String, String> putAll(Map<String, ? extends V> values) {
        List<Mutation> mutations = new ArrayList<>(values.size());
        values.forEach((key, value) -> mutations.add(put(key, value, PutOptions.defaults(), Precondition.NONE)));
        List<WriteResult> results = mutations.isEmpty() ? List.of() : backend.writeAll(mutations);
        Map<String, String> versions = new LinkedHashMap<>();
        for (int index = 0; index < results.size(); index++) {
            versions.put(external(mutations.get(index).key()), written(results.get(index)));
        }
        return versions;
    }

    @Override
    public List<WriteResult> writeAll(List<? extends Change<V>> changes) {
        List<Mutation> mutations = new ArrayList<>(changes.size());
        for (Change<V> change : changes) {
            mutations.add(mutation(change));
        }
        return mutations.isEmpty() ? List.of() : List.copyOf(backend.writeAll(mutations));
    }

    private Mutation mutation(Change<V> change) {
        if (change instanceof Change.Put<V> put) {
            return put(put.key(), put.value(), put.options(), put.precondition());
        }
        return new Mutation.Remove(stored(change.key()), change.precondition());
    }

    @Override
    public TransactionResult transact(Consumer<? super Transaction<V>> work) {
        if (transactions == null) {
            throw missing(Transactions.class);
        }
        List<Operation> operations = new ArrayList<>();
        work.accept(new CollectingTransaction<>(this, operations));
        if (operations.size() > transactions.maximumOperations()) {
            throw InvalidStateRequestException.tooManyOperations(
                    name, operations.size(), transactions.maximumOperations());
        }
        return operations.isEmpty()
                ? new TransactionResult.Committed(Map.of())
                : external(transactions.execute(operations));
    }

    private TransactionResult external(TransactionResult result) {
        if (prefix.isEmpty()) {
            return result;
        }
        if (result instanceof TransactionResult.Conflict conflict) {
            return new TransactionResult.Conflict(external(conflict.key()), conflict.expected(), conflict.actual());
        }
        if (result instanceof TransactionResult.Committed committed) {
            Map<String, String> versions = new LinkedHashMap<>();
            committed.versions().forEach((key, version) -> versions.put(external(key), version));
            return new TransactionResult.Committed(versions);
        }
        return result;
    }

    @Override
    public Page<String> keys(String keyPrefix, PageRequest page) {
        StateRules.checkKeyPrefix(name, keyPrefix);
        requirePresent(page, "page request");
        if (keyScan == null) {
            throw missing(KeyScan.class);
        }
        try {
            Page<String> stored = keyScan.keys(prefix + keyPrefix, PageTokens.unwrap(page));
            return PageTokens.wrap(StateRules.withoutReserved(stored)).map(this::external);
        } catch (IllegalArgumentException unknownToken) {
            throw InvalidStateRequestException.pageToken(name);
        }
    }

    Mutation.Put put(String key, V value, PutOptions options, Precondition precondition) {
        String stored = stored(key);
        Duration timeToLive = requirePresent(options, "options").timeToLiveOr(null);
        // The store's own time to live was checked when it was set.
        Duration checked = timeToLive == null
                ? options.timeToLiveOr(settings.tuning.get().timeToLive())
                : StateRules.checkTimeToLive(name, timeToLive);
        return new Mutation.Put(stored, encode(key, value), checked, precondition);
    }

    private Value encode(String key, V value) {
        requirePresent(value, "value");
        Value encoded = settings.immutableValues ? SharedValue.of(codec, value) : Value.of(codec.encode(value));
        int maximumValueSize = backend.maximumValueSize();
        // Without a limit nothing needs the bytes, so that a shared value is never encoded.
        if (maximumValueSize != Integer.MAX_VALUE && encoded.bytes().length > maximumValueSize) {
            throw new ValueTooLargeException(name, key, encoded.bytes().length, maximumValueSize);
        }
        return encoded;
    }

    @SuppressWarnings("unchecked") // the codec was made for the type of this view
    private V decode(String key, Entry entry) {
        try {
            Value value = entry.value();
            return (V)
                    (value instanceof SharedValue shared && settings.immutableValues
                            ? shared.object(codec)
                            : codec.decode(value.bytes()));
        } catch (CodecException failure) {
            throw UnreadableValueException.undecodable(name, key, typeName, failure);
        }
    }

    private Versioned<V> versioned(String key, Entry entry) {
        return new Versioned<>(decode(key, entry), entry.version(), entry.expiresAt());
    }

    String stored(String key) {
        StateRules.checkKey(name, key);
        return prefix.isEmpty() ? key : prefix + key;
    }

    Fence fence(FencingToken token) {
        if (!token.store().equals(name)) {
            throw InvalidStateRequestException.foreignFence(name, token);
        }
        if (!backend.capabilities().types().contains(Leases.class)) {
            throw missing(Leases.class);
        }
        return new Fence(token.lease(), token.value());
    }

    private String external(String stored) {
        return stored.substring(prefix.length());
    }

    private Precondition version(String version) {
        return Precondition.version(requirePresent(version, "version"));
    }

    private <T> T requirePresent(@Nullable T argument, String what) {
        if (argument == null) {
            throw InvalidStateRequestException.missing(name, what);
        }
        return argument;
    }

    private MissingCapabilityException missing(Class<?> capability) {
        return new MissingCapabilityException(
                name, settings.type, capability, backend.capabilities().types());
    }

    private static String written(WriteResult result) {
        if (result instanceof WriteResult.Written written) {
            return written.version();
        }
        throw new IllegalStateException("A backend answered an unconditional write with " + result);
    }

    /** The settings that all views of a store share. */
    record Settings(
            String store,
            String type,
            String keyPrefix,
            boolean immutableValues,
            AtomicReference<StoreTuning> tuning) {}
}
