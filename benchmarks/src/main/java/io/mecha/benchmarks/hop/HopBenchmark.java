// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.hop;

import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.load.Load;
import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.redis.RedisProcess;
import io.mecha.benchmarks.redis.RedisStores;
import io.mecha.benchmarks.workload.Keys;
import io.mecha.state.KeyValueStore;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What does it cost to keep the store in another process, behind HTTP over loopback, as a sidecar does?
 *
 * <p>The other process runs the same store on the same Redis, and almost nothing else; what a real sidecar does besides
 * comes on top.
 */
public final class HopBenchmark {

    // The most first: what one thread calls is compiled by then.
    private static final int[] THREADS = {16, 1};
    private static final int COUNT = 1_024;
    private static final int LENGTH = 100;

    private HopBenchmark() {}

    /** Start Redis and the other JVM, run all comparisons, stop them. */
    public static void run(Pace pace, PrintStream out) throws IOException, InterruptedException {
        Keys keys = Keys.of(COUNT);
        byte[] value = new byte[LENGTH];
        Arrays.fill(value, (byte) 'x');
        try (RedisProcess redis = RedisProcess.start();
                RedisStores stores = new RedisStores(redis.uri());
                HopProcess hop = HopProcess.start(redis.uri());
                ApacheCaller apache = new ApacheCaller(hop.uri(), keys, value)) {
            JdkCaller jdk = new JdkCaller(hop.uri(), keys, value);
            KeyValueStore<byte[]> store = stores.store(byte[].class);
            for (int number = 0; number < COUNT; number++) {
                store.put(keys.get(number), value);
            }
            List<Comparison> all = new ArrayList<>();
            for (int threads : THREADS) {
                all.add(new Comparison("get", threads)
                        .with(
                                "Mecha in this process",
                                (thread, draw) ->
                                        found(store.get(keys.get(draw)).orElseThrow()))
                        .with("hop, Apache HttpClient", (thread, draw) -> found(apache.get(draw)))
                        .with("hop, JDK HttpClient", (thread, draw) -> found(jdk.get(draw))));
                all.add(new Comparison("put", threads)
                        .with("Mecha in this process", (thread, draw) -> store.put(keys.get(draw), value))
                        .with("hop, Apache HttpClient", (thread, draw) -> apache.put(draw))
                        .with("hop, JDK HttpClient", (thread, draw) -> jdk.put(draw)));
            }
            new Load(pace, out, List.of(hop.cpu(), redis.cpu())).run(all);
        }
    }

    private static void found(byte[] value) {
        if (value.length != LENGTH) {
            throw new IllegalStateException("Not the value");
        }
    }
}
