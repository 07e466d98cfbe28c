// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.MechaException;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Removed;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.Applicability;
import io.mecha.test.Together;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class ConcurrencyBehaviour extends StateGroup {

    private static final int CALLERS = 8;
    private static final int ROUNDS = 50;

    ConcurrencyBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void losesNoIncrement() throws Exception {
        write(put("counter", "0"));

        Together.run(callers(CALLERS, caller -> {
            for (int i = 0; i < ROUNDS; i++) {
                increment(backend(), "counter");
            }
            return "done";
        }));

        assertThat(text("counter")).isEqualTo(Integer.toString(CALLERS * ROUNDS));
    }

    @Test
    void letsExactlyOneOfManyPutIfAbsent() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = "key-" + round;

            List<WriteResult> results =
                    Together.run(callers(CALLERS, caller -> write(putIfAbsent(key, "value of " + caller))));

            assertThat(results).filteredOn(WriteResult::applied).hasSize(1);
            int winner = results.indexOf(
                    results.stream().filter(WriteResult::applied).findFirst().orElseThrow());
            assertThat(text(key)).isEqualTo("value of " + winner);
            assertThat(stored(key).version()).isEqualTo(version(results.get(winner)));
        }
    }

    @Test
    void letsExactlyOneOfManyReplaceAVersion() throws Exception {
        String version = written(put("key", "start"));
        for (int round = 0; round < ROUNDS; round++) {
            String expected = version;

            List<WriteResult> results =
                    Together.run(callers(CALLERS, caller -> write(replace("key", "value", expected))));

            assertThat(results).filteredOn(WriteResult::applied).hasSize(1);
            version = stored("key").version();
            assertThat(results).contains(new Written(version));
        }
    }

    @Test
    void letsExactlyOneOfManyRemove() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            write(put("key", "value"));

            List<WriteResult> results = Together.run(callers(CALLERS, caller -> write(remove("key"))));

            assertThat(results).filteredOn(new Removed(true)::equals).hasSize(1);
            assertThat(results).filteredOn(new Removed(false)::equals).hasSize(CALLERS - 1);
        }
    }

    @Test
    void givesConcurrentWritesDifferentVersions() throws Exception {
        List<List<String>> versions = Together.run(callers(CALLERS, caller -> {
            List<String> written = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                written.add(written(put("key", "value of " + caller)));
                write(remove("key"));
            }
            return written;
        }));

        assertThat(versions.stream().flatMap(List::stream))
                .doesNotHaveDuplicates()
                .hasSize(CALLERS * ROUNDS);
    }

    @Test
    void neverMixesValueAndVersionOfDifferentWrites() throws Exception {
        List<List<String>> seen = Together.run(callers(CALLERS, caller -> {
            List<String> pairs = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                String value = "value %d of %d".formatted(i, caller);
                pairs.add(value + " = " + written(put("key", value)));
                Entry entry = stored("key");
                pairs.add(text(entry) + " = " + entry.version());
            }
            return pairs;
        }));

        assertThat(seen.stream().flatMap(List::stream).distinct()).hasSize(CALLERS * ROUNDS);
    }

    @Test
    void appliesOverlappingBulksWithoutDeadlock() throws Exception {
        List<String> keys = IntStream.range(0, 20).mapToObj(i -> "key-" + i).toList();

        Together.run(callers(CALLERS, caller -> {
            List<String> mine = new ArrayList<>(keys);
            Collections.rotate(mine, caller * 3);
            if (caller % 2 == 0) {
                Collections.reverse(mine);
            }
            for (int i = 0; i < ROUNDS / 5; i++) {
                List<WriteResult> results = backend()
                        .writeAll(mine.stream()
                                .<Mutation>map(key -> put(key, "value of " + caller))
                                .toList());
                assertThat(results).allMatch(WriteResult::applied);
            }
            return "done";
        }));

        assertThat(backend().readAll(keys)).hasSize(keys.size());
    }

    @Test
    void worksOnManyVirtualThreads() throws Exception {
        Optional<ExecutorService> executor = Together.virtualThreads();
        Applicability.require(executor.isPresent(), "this JVM has no virtual threads");
        write(put("counter", "0"));

        List<String> results = Together.run(executor.get(), callers(200, caller -> {
            write(put("key-" + caller, "value of " + caller));
            if (caller % 10 == 0) {
                increment(backend(), "counter");
            }
            return Objects.requireNonNull(text("key-" + caller));
        }));

        assertThat(results)
                .isEqualTo(
                        IntStream.range(0, 200).mapToObj(i -> "value of " + i).toList());
        assertThat(text("counter")).isEqualTo("20");
    }

    @Test
    void leavesTheInterruptOfACallerAlone() {
        write(put("key", "value"));

        Thread.currentThread().interrupt();
        try {
            backend().read("key");
            write(put("key", "value"));
        } catch (MechaException allowed) {
            assertThat(allowed).hasMessageContaining(allowed.code());
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }

        assertThat(text("key")).isEqualTo("value");
        assertThat(write(put("key", "new")).applied()).isTrue();
    }

    static <T> List<Callable<T>> callers(int count, Caller<T> caller) {
        return IntStream.range(0, count)
                .<Callable<T>>mapToObj(i -> () -> caller.call(i))
                .toList();
    }

    /** Add one to a number, however often somebody else is faster. */
    static void increment(StateBackend backend, String key) {
        WriteResult result;
        do {
            Entry entry = Objects.requireNonNull(backend.read(key));
            String next = Integer.toString(Integer.parseInt(text(entry)) + 1);
            result = backend.write(replace(key, next, entry.version()));
        } while (!result.applied());
    }

    /** One of many. */
    interface Caller<T> {
        T call(int number) throws Exception;
    }
}
