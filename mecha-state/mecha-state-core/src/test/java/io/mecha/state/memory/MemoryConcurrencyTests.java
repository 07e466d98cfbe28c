// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Mutation.Remove;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import io.mecha.test.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random concurrent calls, for a bounded time, and what must be true of what they saw. */
class MemoryConcurrencyTests {

    private static final int CALLERS = 4;
    private static final int CALLS = 30_000;
    private static final Duration TIME = Duration.ofMillis(500);

    private final TestClock clock = new TestClock();
    private MemoryStateBackend backend = new MemoryStateBackend(clock);

    @Test
    void isLinearizableForEachKey() throws Exception {
        Map<String, History> histories = Map.of("a", new History(), "b", new History());
        histories.forEach((key, history) -> history.wrote("", put(key, "0", Precondition.NONE), 0));

        together(random -> {
            String key = random.nextBoolean() ? "a" : "b";
            long start = System.nanoTime();
            String version = version(key);
            histories.get(key).saw(version, start);
            if (random.nextInt(3) == 0) {
                replaceBoth(histories);
            } else {
                replace(key, version, histories.get(key));
            }
        });

        histories.values().forEach(History::assertLinearizable);
    }

    private void replace(String key, String expected, History history) {
        long start = System.nanoTime();
        if (backend.write(new Put(key, text("x"), null, Precondition.version(expected))) instanceof Written written) {
            history.wrote(expected, written.version(), start);
        }
    }

    private void replaceBoth(Map<String, History> histories) {
        Map<String, String> expected = Map.of("a", version("a"), "b", version("b"));
        List<Operation> puts = new ArrayList<>();
        expected.forEach((key, version) -> puts.add(new Put(key, text("x"), null, Precondition.version(version))));
        long start = System.nanoTime();
        if (transactions().execute(puts) instanceof Committed committed) {
            histories.forEach((key, history) ->
                    history.wrote(expected.get(key), committed.versions().get(key), start));
        }
    }

    @Test
    void showsATransactionAsAWhole() throws Exception {
        AtomicInteger counter = new AtomicInteger();
        putBoth(counter);

        together(random -> {
            switch (random.nextInt(4)) {
                case 0 -> putBoth(counter);
                case 1 ->
                    transactions()
                            .execute(List.of(
                                    new Put("a", text("never"), null, Precondition.NONE),
                                    new Require("b", Precondition.version("stale"))));
                case 2 -> {
                    Map<String, Entry> both = backend.readAll(List.of("b", "a"));
                    assertThat(text(both.get("a"))).isEqualTo(text(both.get("b")));
                }
                default -> {
                    boolean forward = random.nextBoolean();
                    String before = text(backend.read(forward ? "a" : "b"));
                    String after = text(backend.read(forward ? "b" : "a"));
                    assertThat(after).isGreaterThanOrEqualTo(before).isNotEqualTo("never");
                }
            }
        });
    }

    /** Numbers of equal length, written in ascending order: the requirement makes the transactions take turns. */
    private void putBoth(AtomicInteger counter) {
        synchronized (counter) {
            Value value = text("%08d".formatted(counter.incrementAndGet()));
            transactions()
                    .execute(List.of(
                            new Put("a", value, null, Precondition.NONE),
                            new Put("b", value, null, Precondition.NONE)));
        }
    }

    /** All callers meet at a few keys, and then move on and leave them as they are. */
    @ParameterizedTest
    @NullSource
    @ValueSource(longs = {3, 1_000})
    void keepsIndexAndMapTogether(@Nullable Long maximumSize) throws Exception {
        backend = new MemoryStateBackend("test", clock, new MemoryStateOptions(maximumSize));
        AtomicInteger calls = new AtomicInteger();

        together(random -> {
            int place = calls.incrementAndGet() / 40;
            changeSomething(random, "key-" + place, "key-" + (place + random.nextInt(2)));
        });

        List<String> keys = IntStream.rangeClosed(0, calls.get() / 40 + 1)
                .mapToObj(i -> "key-" + i)
                .toList();
        // Reading may let a bound forget what was written last.
        backend.readAll(keys);
        assertThat(scan())
                .containsExactlyInAnyOrderElementsOf(backend.readAll(keys).keySet());
        keys.forEach(key -> backend.write(new Remove(key, Precondition.NONE)));
        assertThat(backend.storedEntries()).isZero();
        keys.forEach(key -> backend.write(new Put(key, text("x"), null, Precondition.NONE)));
        backend.readAll(keys);
        assertThat(scan())
                .containsExactlyInAnyOrderElementsOf(backend.readAll(keys).keySet());
    }

    private void changeSomething(Random random, String key, String other) {
        Put put = new Put(key, text("x"), null, Precondition.NONE);
        switch (random.nextInt(6)) {
            case 0 -> backend.write(put);
            case 1 -> backend.write(new Put(key, text("x"), Duration.ofMillis(1), Precondition.ABSENT));
            case 2, 3 -> backend.write(new Remove(key, Precondition.NONE));
            case 4 -> transactions().execute(List.of(put, new Remove(other, Precondition.NONE)));
            default -> transactions().execute(List.of(put, new Require(other, Precondition.version("stale"))));
        }
        if (random.nextInt(100) == 0) {
            clock.advance(Duration.ofMillis(1));
        }
    }

    private void together(Consumer<Random> call) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(CALLERS);
        long end = System.nanoTime() + TIME.toNanos();
        try {
            List<Future<?>> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(caller);
                callers.add(executor.submit(() -> {
                    for (int i = 0; i < CALLS && System.nanoTime() < end; i++) {
                        call.accept(random);
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private String put(String key, String text, Precondition precondition) {
        return ((Written) backend.write(new Put(key, text(text), null, precondition))).version();
    }

    private String version(String key) {
        return Objects.requireNonNull(backend.read(key)).version();
    }

    private List<String> scan() {
        KeyScan scan = backend.capabilities().find(KeyScan.class).orElseThrow();
        List<String> keys = new ArrayList<>();
        for (PageRequest request = PageRequest.first(1_000); request != null; ) {
            Page<String> page = scan.keys("", request);
            keys.addAll(page.items());
            request = page.following();
        }
        return keys;
    }

    private Transactions transactions() {
        return backend.capabilities().find(Transactions.class).orElseThrow();
    }

    private static Value text(String text) {
        return Value.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(@Nullable Entry entry) {
        return new String(Objects.requireNonNull(entry).value().bytes(), StandardCharsets.UTF_8);
    }

    /** What happened to one key, every write of which expected a version. */
    private static final class History {

        private final Map<String, String> successors = new ConcurrentHashMap<>();
        private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

        record Seen(String version, long start, long end) {}

        void saw(String version, long start) {
            seen.add(new Seen(version, start, System.nanoTime()));
        }

        void wrote(String expected, String version, long start) {
            saw(version, start);
            assertThat(successors.put(expected, version))
                    .as("another successor of one version")
                    .isNull();
        }

        /** The versions form one chain, and nobody saw an older version than somebody else before. */
        void assertLinearizable() {
            Map<String, Integer> order = new HashMap<>();
            for (String version = successors.get(""); version != null; version = successors.get(version)) {
                order.put(version, order.size());
            }
            assertThat(order).as("versions in the chain").hasSize(successors.size());
            List<Seen> byStart =
                    seen.stream().sorted(Comparator.comparingLong(Seen::start)).toList();
            List<Seen> byEnd =
                    seen.stream().sorted(Comparator.comparingLong(Seen::end)).toList();
            int newest = 0;
            int ended = 0;
            for (Seen now : byStart) {
                for (; byEnd.get(ended).end() < now.start(); ended++) {
                    newest = Math.max(newest, order.get(byEnd.get(ended).version()));
                }
                assertThat(order.get(now.version())).isGreaterThanOrEqualTo(newest);
            }
        }
    }
}
