// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.memory;

import io.mecha.benchmarks.workload.Keys;
import io.mecha.benchmarks.workload.Order;
import io.mecha.state.KeyValueStore;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What does a look-up in memory cost through a store, where values are immutable and shared, against the bare map?
 *
 * <p>The store checks the key, finds the slot, looks whether it expired and wraps the value. Nothing but the {@code
 * Optional} (16 bytes) may be garbage. 16,384 keys, visited in turn: their objects do not fit the first-level cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SharedGetBenchmark {

    private static final int COUNT = 1 << 14;

    private final Keys keys = Keys.of(COUNT);
    private final ConcurrentMap<String, Order> map = new ConcurrentHashMap<>();
    private final KeyValueStore<Order> store = MemoryStores.shared();
    private final KeyValueStore<Order> observed = MemoryStores.observed();
    private final KeyValueStore<Order> observedForMeters = MemoryStores.observedForMeters();
    private final KeyValueStore<Order> metered = MemoryStores.metered();
    private int next;

    /** Fill map and stores with the same values. */
    public SharedGetBenchmark() {
        for (int number = 0; number < COUNT; number++) {
            Order order = Order.of(number);
            map.put(keys.get(number), order);
            store.put(keys.get(number), order);
            observed.put(keys.get(number), order);
            observedForMeters.put(keys.get(number), order);
            metered.put(keys.get(number), order);
        }
    }

    /** The floor: the map alone. */
    @Benchmark
    public @Nullable Order map() {
        return map.get(key());
    }

    /** The map, and the answer in an {@code Optional}. */
    @Benchmark
    public Optional<Order> mapAndOptional() {
        return Optional.ofNullable(map.get(key()));
    }

    /** Through the store. */
    @Benchmark
    public Optional<Order> store() {
        return store.get(key());
    }

    /** Through a store with an observation around each call. */
    @Benchmark
    public Optional<Order> observedStore() {
        return observed.get(key());
    }

    /** Through a store with observations of which meters are made. */
    @Benchmark
    public Optional<Order> observedForMetersStore() {
        return observedForMeters.get(key());
    }

    /** Through a store with meters. */
    @Benchmark
    public Optional<Order> meteredStore() {
        return metered.get(key());
    }

    private String key() {
        next = (next + 1) & (COUNT - 1);
        return keys.get(next);
    }
}
