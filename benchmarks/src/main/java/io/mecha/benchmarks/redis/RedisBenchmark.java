// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.load.Load;
import io.mecha.benchmarks.load.Operation;
import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.workload.Keys;
import io.mecha.benchmarks.workload.LeaseCycle;
import io.mecha.benchmarks.workload.Order;
import io.mecha.state.KeyValueStore;
import io.mecha.state.WriteResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What does a store cost over Lettuce by hand, on the same Redis?
 *
 * <p>Both sides share one connection between all threads and block until the answer is there. Lettuce stores the bare
 * value; Mecha adds a header with the version, checks the key and puts the store's prefix before it.
 */
public final class RedisBenchmark {

    // The most first: what one thread calls is compiled by then.
    private static final int[] THREADS = {16, 1};
    private static final int COUNT = 1_024;
    private static final int BULK = 100;
    private static final double THROUGHPUT = 0.97;
    private static final double VERSIONED_THROUGHPUT = 0.9;
    private static final double BULK_THROUGHPUT = 5;
    private static final double MICROS = 2;
    private static final String RELEASE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private final Keys keys = Keys.of(COUNT);
    private final List<Order> orders = new ArrayList<>();
    private final JsonMapper mapper = JsonMapper.builder().findAndAddModules().build();
    private final ObjectReader reader = mapper.readerFor(Order.class);
    private final ObjectWriter writer = mapper.writerFor(Order.class);
    private final PlainRedis plain;
    private final RedisStores stores;

    private RedisBenchmark(PlainRedis plain, RedisStores stores) {
        this.plain = plain;
        this.stores = stores;
        for (int number = 0; number < COUNT; number++) {
            orders.add(Order.of(number));
        }
    }

    /** Start a server, run all comparisons, stop it. */
    public static void run(Pace pace, PrintStream out) throws IOException, InterruptedException {
        try (RedisProcess server = RedisProcess.start();
                PlainRedis plain = new PlainRedis(server.uri());
                RedisStores stores = new RedisStores(server.uri())) {
            List<Comparison> comparisons = new RedisBenchmark(plain, stores).comparisons();
            new Load(pace, out, List.of(server.cpu())).run(comparisons);
        }
    }

    private List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>();
        for (int threads : THREADS) {
            all.addAll(bytes(threads));
            all.addAll(texts(threads));
            all.addAll(orders(threads));
            all.add(versioned(threads));
        }
        all.add(bulk());
        all.add(lock());
        return all;
    }

    private List<Comparison> bytes(int threads) {
        RedisCommands<String, byte[]> commands = plain.bytes();
        KeyValueStore<byte[]> store = stores.store(byte[].class);
        byte[] value = writer.writeValueAsBytes(orders.get(0));
        for (int number = 0; number < COUNT; number++) {
            commands.set("bytes:" + keys.get(number), value);
            store.put("bytes:" + keys.get(number), value);
        }
        return pair(
                "byte[]",
                threads,
                (thread, draw) -> found(commands.get("bytes:" + keys.get(draw))),
                (thread, draw) -> found(store.get("bytes:" + keys.get(draw)).orElse(null)),
                (thread, draw) -> commands.set("bytes:" + keys.get(draw), value),
                (thread, draw) -> store.put("bytes:" + keys.get(draw), value));
    }

    private List<Comparison> texts(int threads) {
        RedisCommands<String, String> commands = plain.texts();
        KeyValueStore<String> store = stores.store(String.class);
        String value = writer.writeValueAsString(orders.get(0));
        for (int number = 0; number < COUNT; number++) {
            commands.set("texts:" + keys.get(number), value);
            store.put("texts:" + keys.get(number), value);
        }
        return pair(
                "String",
                threads,
                (thread, draw) -> found(commands.get("texts:" + keys.get(draw))),
                (thread, draw) -> found(store.get("texts:" + keys.get(draw)).orElse(null)),
                (thread, draw) -> commands.set("texts:" + keys.get(draw), value),
                (thread, draw) -> store.put("texts:" + keys.get(draw), value));
    }

    private List<Comparison> orders(int threads) {
        RedisCommands<String, byte[]> commands = plain.bytes();
        KeyValueStore<Order> store = stores.store(Order.class);
        for (int number = 0; number < COUNT; number++) {
            commands.set("order:" + keys.get(number), writer.writeValueAsBytes(orders.get(number)));
            store.put("order:" + keys.get(number), orders.get(number));
        }
        return pair(
                "typed, JSON",
                threads,
                (thread, draw) -> found(reader.readValue(commands.get("order:" + keys.get(draw)))),
                (thread, draw) -> found(store.get("order:" + keys.get(draw)).orElse(null)),
                (thread, draw) -> commands.set("order:" + keys.get(draw), writer.writeValueAsBytes(order(draw))),
                (thread, draw) -> store.put("order:" + keys.get(draw), order(draw)));
    }

    private Order order(int draw) {
        return orders.get(keys.index(draw));
    }

    private static List<Comparison> pair(
            String what, int threads, Operation plainGet, Operation get, Operation plainPut, Operation put) {
        boolean judged = threads > 1;
        List<Comparison> pair = List.of(
                new Comparison("get, " + what, threads)
                        .with("Lettuce GET", plainGet)
                        .with("Mecha get", get),
                new Comparison("put, " + what, threads)
                        .with("Lettuce SET", plainPut)
                        .with("Mecha put", put));
        if (judged) {
            pair.forEach(each -> each.throughputAtLeast(THROUGHPUT).clientCpuAtMostPlus(MICROS));
        }
        return pair;
    }

    // Each thread has keys of its own, so that no replace is a conflict.
    private Comparison versioned(int threads) {
        RedisCommands<String, byte[]> commands = plain.bytes();
        KeyValueStore<byte[]> store = stores.store(byte[].class);
        byte[] value = writer.writeValueAsBytes(orders.get(0));
        String prefix = "versioned-" + threads + ":";
        String[] versions = new String[COUNT];
        for (int number = 0; number < COUNT; number++) {
            versions[number] = store.put(prefix + keys.get(number), value);
        }
        int share = COUNT / threads;
        return new Comparison("versioned put, byte[]", threads)
                .with("Lettuce SET", (thread, draw) -> commands.set("bytes:" + keys.get(draw), value))
                .with("Mecha put", (thread, draw) -> store.put("bytes:" + keys.get(draw), value))
                .with("Mecha replace", (thread, draw) -> {
                    int number = thread * share + draw % share;
                    WriteResult result = store.replace(prefix + keys.get(number), value, versions[number]);
                    versions[number] = ((WriteResult.Written) result).version();
                })
                .throughputAtLeast(VERSIONED_THROUGHPUT);
    }

    private Comparison bulk() {
        KeyValueStore<byte[]> store = stores.store(byte[].class);
        return new Comparison("100 keys, byte[]", 1)
                .with("Mecha 100 × get", (thread, draw) -> {
                    for (int number = 0; number < BULK; number++) {
                        found(store.get("bytes:" + keys.get(number)).orElse(null));
                    }
                })
                .with("Mecha getAll(100)", (thread, draw) -> {
                    List<String> names = new ArrayList<>(BULK);
                    for (int number = 0; number < BULK; number++) {
                        names.add("bytes:" + keys.get(number));
                    }
                    store.getAll(names).forEach(result -> found(result.value().orElse(null)));
                })
                .throughputAtLeast(BULK_THROUGHPUT);
    }

    // The usual way by hand: set if absent, and a script that deletes what is one's own; no token.
    private Comparison lock() {
        RedisCommands<String, String> commands = plain.texts();
        SetArgs absent = SetArgs.Builder.nx().px(LeaseCycle.TIME.toMillis());
        String release = commands.scriptLoad(RELEASE);
        return new Comparison("lock and unlock", 1)
                .with("Lettuce SET NX and EVALSHA", (thread, draw) -> {
                    String key = "lock:" + keys.get(draw);
                    found(commands.set(key, LeaseCycle.OWNER, absent));
                    Long released =
                            commands.evalsha(release, ScriptOutputType.INTEGER, new String[] {key}, LeaseCycle.OWNER);
                    found(released == 1 ? released : null);
                })
                .with(
                        "Mecha acquire and release",
                        (thread, draw) -> stores.leases().run(keys.get(draw)))
                .throughputAtLeast(1 / LeaseCycle.AT_MOST);
    }

    private static void found(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("A key has no value");
        }
    }
}
