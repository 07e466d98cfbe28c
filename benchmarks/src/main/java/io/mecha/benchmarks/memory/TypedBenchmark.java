// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.memory;

import io.mecha.benchmarks.workload.Keys;
import io.mecha.benchmarks.workload.Order;
import io.mecha.state.KeyValueStore;
import java.util.Objects;
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
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What does a typed store in memory that copies values through JSON cost, against a map and Jackson by hand?
 *
 * <p>By hand means the fastest way: a prepared reader and writer for the type, and a counter as the version. 1,024 keys,
 * in turn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TypedBenchmark {

    private static final int COUNT = 1 << 10;

    private final Keys keys = Keys.of(COUNT);
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final ConcurrentMap<String, Counted> map = new ConcurrentHashMap<>();
    private final KeyValueStore<Order> store = MemoryStores.copied();
    private final Order[] orders = new Order[COUNT];
    private int next;

    /** Fill map and store with the same values. */
    public TypedBenchmark() {
        JsonMapper mapper = JsonMapper.builder().findAndAddModules().build();
        reader = mapper.readerFor(Order.class);
        writer = mapper.writerFor(Order.class);
        for (int number = 0; number < COUNT; number++) {
            orders[number] = Order.of(number);
            map.put(keys.get(number), new Counted(writer.writeValueAsBytes(orders[number]), 0));
            store.put(keys.get(number), orders[number]);
        }
    }

    /** Read by hand. */
    @Benchmark
    public Order getByHand() {
        return reader.readValue(Objects.requireNonNull(map.get(key())).bytes);
    }

    /** Read through the store. */
    @Benchmark
    public Optional<Order> getFromStore() {
        return store.get(key());
    }

    /** Write by hand, with a number that tells one write from the next. */
    @Benchmark
    public @Nullable Object putByHand() {
        String key = key();
        byte[] bytes = writer.writeValueAsBytes(orders[next]);
        return map.compute(key, (same, old) -> new Counted(bytes, old == null ? 0 : old.number + 1));
    }

    /** Write through the store. */
    @Benchmark
    public String putToStore() {
        String key = key();
        return store.put(key, orders[next]);
    }

    private String key() {
        next = (next + 1) & (COUNT - 1);
        return keys.get(next);
    }

    /** A value and how often it was written. */
    private static final class Counted {

        private final byte[] bytes;
        private final long number;

        Counted(byte[] bytes, long number) {
            this.bytes = bytes;
            this.number = number;
        }
    }
}
