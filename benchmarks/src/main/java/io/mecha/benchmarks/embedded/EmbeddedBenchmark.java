// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.embedded;

import io.mecha.benchmarks.workload.Keys;
import io.mecha.benchmarks.workload.Order;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.jdbc.EmbeddedStateOptions;
import io.mecha.state.jdbc.JdbcStateBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The cost of a call to the embedded file, with one caller. 1,024 keys, in turn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EmbeddedBenchmark {

    private static final int COUNT = 1 << 10;

    private final Keys keys = Keys.of(COUNT);
    private final Order order = Order.of(1);
    private final Path directory;
    private final StateStoreComponent component;
    private final KeyValueStore<Order> store;
    private int next;

    /** Open a file and fill it. */
    public EmbeddedBenchmark() {
        directory = directory();
        JdbcStateBackend backend =
                JdbcStateBackend.embedded("orders", directory, new EmbeddedStateOptions(null, null, null));
        component = StateStoreComponent.builder("orders", "embedded", backend, JacksonCodecs.standard())
                .build();
        store = component.store(Order.class);
        for (int number = 0; number < COUNT; number++) {
            store.put(keys.get(number), order);
        }
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("mecha-benchmark");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Close the file and delete it. */
    @TearDown
    public void close() throws IOException {
        component.close();
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    /** Read. */
    @Benchmark
    public Optional<Order> get() {
        return store.get(key());
    }

    /** Write. */
    @Benchmark
    public String put() {
        return store.put(key(), order);
    }

    private String key() {
        next = (next + 1) & (COUNT - 1);
        return keys.get(next);
    }
}
