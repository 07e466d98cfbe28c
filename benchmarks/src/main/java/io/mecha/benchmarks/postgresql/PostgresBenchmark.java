// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.load.Load;
import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.workload.Keys;
import io.mecha.benchmarks.workload.LeaseCycle;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.jdbc.JdbcStateBackend;
import io.mecha.state.jdbc.JdbcStateOptions;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.VersionSequence;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What does a store cost over JDBC by hand, on the same PostgreSQL, and what does group commit save?
 *
 * <p>Both sides use one pool, the same statements and the same table; both write a version. Every commit is flushed.
 */
public final class PostgresBenchmark {

    // The most first: what one thread calls is compiled by then.
    private static final int[] THREADS = {32, 8, 1};
    private static final int CROWD = 128;
    private static final int CONNECTIONS = 32;
    private static final int COUNT = 10_000;
    private static final int LENGTH = 100;
    private static final double THROUGHPUT = 0.95;
    private static final double GROUP_THROUGHPUT = 1.8;
    private static final String PREFIX = "bench:";

    private final Keys keys = Keys.of(COUNT);
    private final VersionSequence versions = new VersionSequence();
    private final byte[] value = new byte[LENGTH];
    private final PlainJdbc plain;
    private final PlainLock lock;
    private final LeaseCycle leases;
    private final KeyValueStore<byte[]> store;
    private final KeyValueStore<byte[]> grouped;

    private PostgresBenchmark(
            DataSource pool, StateBackend backend, StateStoreComponent store, StateStoreComponent grouped)
            throws SQLException {
        this.plain = new PlainJdbc(pool);
        this.lock = new PlainLock(pool);
        this.leases = new LeaseCycle(backend);
        this.store = store.store(byte[].class);
        this.grouped = grouped.store(byte[].class);
        Arrays.fill(value, (byte) 'x');
        Map<String, byte[]> rows = new LinkedHashMap<>();
        for (int number = 0; number < COUNT; number++) {
            rows.put(keys.get(number), value);
        }
        this.store.putAll(rows);
    }

    /** Start a server, run all comparisons, stop it. */
    public static void run(Pace pace, PrintStream out) throws IOException, SQLException, InterruptedException {
        try (PostgresProcess server = PostgresProcess.start();
                HikariDataSource pool = server.pool(CONNECTIONS);
                StateBackend backend = backend(pool, false);
                StateStoreComponent store = component(backend);
                StateStoreComponent grouped = component(backend(pool, true))) {
            out.println(server.settings());
            List<Comparison> comparisons = new PostgresBenchmark(pool, backend, store, grouped).comparisons();
            new Load(pace, out, List.of(server.cpu())).run(comparisons);
        }
    }

    private static StateBackend backend(DataSource pool, boolean groupCommit) {
        JdbcStateOptions options = new JdbcStateOptions(null, null, null, null, null, groupCommit, null, null);
        return JdbcStateBackend.create("bench", pool, options, false);
    }

    private static StateStoreComponent component(StateBackend backend) {
        return StateStoreComponent.builder("bench", "jdbc", backend, JacksonCodecs.standard())
                .keyPrefix(PREFIX)
                .build();
    }

    private List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>();
        for (int threads : THREADS) {
            all.add(new Comparison("get", threads)
                    .with("JDBC select", (thread, draw) -> found(plain.get(PREFIX + keys.get(draw)) != null))
                    .with(
                            "Mecha get",
                            (thread, draw) -> found(store.get(keys.get(draw)).isPresent()))
                    .throughputAtLeast(THROUGHPUT));
        }
        for (int threads : THREADS) {
            all.add(new Comparison("put", threads)
                    .with("JDBC upsert", (thread, draw) -> plain.put(PREFIX + keys.get(draw), value, versions.next()))
                    .with("Mecha put", (thread, draw) -> store.put(keys.get(draw), value))
                    .throughputAtLeast(THROUGHPUT));
        }
        all.add(new Comparison("lock and unlock", 1)
                .with(
                        "JDBC insert and update",
                        (thread, draw) ->
                                lock.lockAndUnlock(keys.get(draw), LeaseCycle.OWNER, LeaseCycle.TIME.toMillis()))
                .with("Mecha acquire and release", (thread, draw) -> leases.run(keys.get(draw)))
                .throughputAtLeast(1 / LeaseCycle.AT_MOST));
        all.add(new Comparison("group commit", CROWD)
                .with("Mecha put, a commit each", (thread, draw) -> store.put(keys.get(draw), value))
                .with(
                        "JDBC upsert, a commit each",
                        (thread, draw) -> plain.put(PREFIX + keys.get(draw), value, versions.next()))
                .with("Mecha put, group commit", (thread, draw) -> grouped.put(keys.get(draw), value))
                .throughputAtLeast(GROUP_THROUGHPUT));
        return all;
    }

    private static void found(boolean found) {
        if (!found) {
            throw new IllegalStateException("A key has no value");
        }
    }
}
