// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.memory;

import io.mecha.benchmarks.workload.Keys;
import io.mecha.benchmarks.workload.Order;
import io.mecha.state.KeyValueStore;
import io.mecha.state.WriteResult;
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
 * What does a compare-and-set by version cost in memory, against a compare-and-set of a counter in the bare map?
 *
 * <p>Each {@code replace} names the version that the last one returned, so none is a conflict. 16,384 keys, in turn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VersionedPutBenchmark {

    private static final int COUNT = 1 << 14;

    private final Keys keys = Keys.of(COUNT);
    private final ConcurrentMap<String, Counted> map = new ConcurrentHashMap<>();
    private final KeyValueStore<Order> store = MemoryStores.shared();
    private final Order order = Order.of(0);
    private final String[] versions = new String[COUNT];
    private int next;

    /** Fill map and store with the same values. */
    public VersionedPutBenchmark() {
        for (int number = 0; number < COUNT; number++) {
            map.put(keys.get(number), new Counted(order, 0));
            versions[number] = store.put(keys.get(number), order);
        }
    }

    /** The floor: a new value with the next number, if the number is still the one that is there. */
    @Benchmark
    public @Nullable Counted map() {
        return map.computeIfPresent(key(), (key, counted) -> new Counted(order, counted.number() + 1));
    }

    /** Through the store, if the version is still the one that was read. */
    @Benchmark
    public WriteResult store() {
        String key = key();
        WriteResult result = store.replace(key, order, versions[next]);
        versions[next] = ((WriteResult.Written) result).version();
        return result;
    }

    /** Through the store, whatever is there. */
    @Benchmark
    public String storeUnconditionally() {
        String key = key();
        String version = store.put(key, order);
        versions[next] = version;
        return version;
    }

    private String key() {
        next = (next + 1) & (COUNT - 1);
        return keys.get(next);
    }

    /**
     * A value and how often it was written.
     *
     * @param order the value
     * @param number how often
     */
    public record Counted(Order order, long number) {}
}
