// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.Change;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.ReadResult;
import io.mecha.state.Transaction;
import io.mecha.state.TransactionResult;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store whose calls are observed as {@code mecha.state.<operation>}, with the store, the type of its backend and the
 * outcome.
 *
 * @param <V> type of the values
 */
final class ObservedStore<V> implements KeyValueStore<V> {

    private final KeyValueStore<V> delegate;
    private final CallObserver observer;

    ObservedStore(KeyValueStore<V> delegate, CallObserver observer) {
        this.delegate = delegate;
        this.observer = observer;
    }

    /** Returns the name of a constant in observations and meters. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private <R extends @Nullable Object> R observe(
            StoreOperation operation, Supplier<R> call, Function<R, CallOutcome> outcome) {
        return observer.observe(operation, call, outcome);
    }

    private static CallOutcome outcome(Optional<?> read) {
        return read.isPresent() ? CallOutcome.HIT : CallOutcome.MISS;
    }

    private static CallOutcome outcome(WriteResult result) {
        return result.applied() ? CallOutcome.DONE : CallOutcome.CONFLICT;
    }

    private static CallOutcome outcome(List<WriteResult> results) {
        return results.stream().allMatch(WriteResult::applied) ? CallOutcome.DONE : CallOutcome.CONFLICT;
    }

    @Override
    public String name() {
        return delegate.name();
    }

    @Override
    public Optional<V> get(String key) {
        return observe(StoreOperation.GET, () -> delegate.get(key), ObservedStore::outcome);
    }

    @Override
    public Optional<Versioned<V>> find(String key) {
        return observe(StoreOperation.FIND, () -> delegate.find(key), ObservedStore::outcome);
    }

    @Override
    public String put(String key, V value, PutOptions options) {
        return observe(StoreOperation.PUT, () -> delegate.put(key, value, options), version -> CallOutcome.DONE);
    }

    @Override
    public WriteResult replace(String key, V value, String version, PutOptions options) {
        return observe(
                StoreOperation.REPLACE, () -> delegate.replace(key, value, version, options), ObservedStore::outcome);
    }

    @Override
    public WriteResult putIfAbsent(String key, V value, PutOptions options) {
        return observe(
                StoreOperation.PUT_IF_ABSENT, () -> delegate.putIfAbsent(key, value, options), ObservedStore::outcome);
    }

    @Override
    public boolean remove(String key) {
        return observe(StoreOperation.REMOVE, () -> delegate.remove(key), existed -> CallOutcome.DONE);
    }

    @Override
    public WriteResult remove(String key, String version) {
        return observe(StoreOperation.REMOVE, () -> delegate.remove(key, version), ObservedStore::outcome);
    }

    @Override
    public @Nullable V compute(String key, UnaryOperator<@Nullable V> change, PutOptions options) {
        return this.<@Nullable V>observe(
                StoreOperation.COMPUTE, () -> delegate.compute(key, change, options), value -> CallOutcome.DONE);
    }

    @Override
    public V compute(String key, V initial, UnaryOperator<V> change, PutOptions options) {
        return observe(
                StoreOperation.COMPUTE,
                () -> delegate.compute(key, initial, change, options),
                value -> CallOutcome.DONE);
    }

    @Override
    public List<ReadResult<V>> getAll(Collection<String> keys) {
        return observe(StoreOperation.GET_ALL, () -> delegate.getAll(keys), results -> CallOutcome.DONE);
    }

    @Override
    public Map<String, String> putAll(Map<String, ? extends V> values) {
        return observe(StoreOperation.PUT_ALL, () -> delegate.putAll(values), versions -> CallOutcome.DONE);
    }

    @Override
    public List<WriteResult> writeAll(List<? extends Change<V>> changes) {
        return observe(StoreOperation.WRITE_ALL, () -> delegate.writeAll(changes), ObservedStore::outcome);
    }

    @Override
    public TransactionResult transact(Consumer<? super Transaction<V>> operations) {
        return observe(
                StoreOperation.TRANSACT,
                () -> delegate.transact(operations),
                result -> result.committed() ? CallOutcome.DONE : CallOutcome.CONFLICT);
    }

    @Override
    public Page<String> keys(String prefix, PageRequest page) {
        return observe(StoreOperation.KEYS, () -> delegate.keys(prefix, page), keys -> CallOutcome.DONE);
    }
}
