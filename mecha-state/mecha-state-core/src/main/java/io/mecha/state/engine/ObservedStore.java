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
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Collection;
import java.util.List;
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

    private static final String DONE = "done";
    private static final String CONFLICT = "conflict";

    private final KeyValueStore<V> delegate;
    private final ObservationRegistry registry;
    private final KeyValue store;
    private final KeyValue type;

    ObservedStore(KeyValueStore<V> delegate, String type, ObservationRegistry registry) {
        this.delegate = delegate;
        this.registry = registry;
        this.store = KeyValue.of("store", delegate.name());
        this.type = KeyValue.of("type", type);
    }

    private <R extends @Nullable Object> R observe(String operation, Supplier<R> call, Function<R, String> outcome) {
        Observation observation = Observation.createNotStarted("mecha.state." + operation, registry)
                .contextualName("state " + operation + " " + delegate.name())
                .lowCardinalityKeyValue(store)
                .lowCardinalityKeyValue(type)
                .lowCardinalityKeyValue("outcome", "error");
        return observation.observe(() -> {
            R result = call.get();
            observation.lowCardinalityKeyValue("outcome", outcome.apply(result));
            return result;
        });
    }

    private static String outcome(Optional<?> read) {
        return read.isPresent() ? "hit" : "miss";
    }

    private static String outcome(WriteResult result) {
        return result.applied() ? DONE : CONFLICT;
    }

    private static String outcome(List<WriteResult> results) {
        return results.stream().allMatch(WriteResult::applied) ? DONE : CONFLICT;
    }

    @Override
    public String name() {
        return delegate.name();
    }

    @Override
    public Optional<V> get(String key) {
        return observe("get", () -> delegate.get(key), ObservedStore::outcome);
    }

    @Override
    public Optional<Versioned<V>> find(String key) {
        return observe("find", () -> delegate.find(key), ObservedStore::outcome);
    }

    @Override
    public String put(String key, V value, PutOptions options) {
        return observe("put", () -> delegate.put(key, value, options), version -> DONE);
    }

    @Override
    public WriteResult replace(String key, V value, String version, PutOptions options) {
        return observe("replace", () -> delegate.replace(key, value, version, options), ObservedStore::outcome);
    }

    @Override
    public WriteResult putIfAbsent(String key, V value, PutOptions options) {
        return observe("put-if-absent", () -> delegate.putIfAbsent(key, value, options), ObservedStore::outcome);
    }

    @Override
    public boolean remove(String key) {
        return observe("remove", () -> delegate.remove(key), existed -> DONE);
    }

    @Override
    public WriteResult remove(String key, String version) {
        return observe("remove", () -> delegate.remove(key, version), ObservedStore::outcome);
    }

    @Override
    public @Nullable V compute(String key, UnaryOperator<@Nullable V> change, PutOptions options) {
        return this.<@Nullable V>observe("compute", () -> delegate.compute(key, change, options), value -> DONE);
    }

    @Override
    public V compute(String key, V initial, UnaryOperator<V> change, PutOptions options) {
        return observe("compute", () -> delegate.compute(key, initial, change, options), value -> DONE);
    }

    @Override
    public List<ReadResult<V>> getAll(Collection<String> keys) {
        return observe("get-all", () -> delegate.getAll(keys), results -> DONE);
    }

    @Override
    public Map<String, String> putAll(Map<String, ? extends V> values) {
        return observe("put-all", () -> delegate.putAll(values), versions -> DONE);
    }

    @Override
    public List<WriteResult> writeAll(List<? extends Change<V>> changes) {
        return observe("write-all", () -> delegate.writeAll(changes), ObservedStore::outcome);
    }

    @Override
    public TransactionResult transact(Consumer<? super Transaction<V>> operations) {
        return observe("transact", () -> delegate.transact(operations), result -> result.committed() ? DONE : CONFLICT);
    }

    @Override
    public Page<String> keys(String prefix, PageRequest page) {
        return observe("keys", () -> delegate.keys(prefix, page), keys -> DONE);
    }
}
