// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.WriteResult.Removed;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Value;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class BulkBehaviour extends StateGroup {

    private static final int MANY = 1_000;
    private static final int MEBIBYTE = 1024 * 1024;

    BulkBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void readsNothingWhenAskedForNothing() {
        assertThat(backend().readAll(List.of())).isEmpty();
        assertThat(backend().readAll(Set.of())).isEmpty();
    }

    @Test
    void leavesOutKeysWithoutAValue() {
        write(put("a", "1"));
        write(put("c", "3"));

        Map<String, Entry> all = backend().readAll(List.of("c", "missing", "a"));

        assertThat(all).containsOnlyKeys("a", "c");
        assertThat(all.get("a")).isNotNull().extracting(StateGroup::text).isEqualTo("1");
        assertThat(all.get("c")).isNotNull().extracting(StateGroup::text).isEqualTo("3");
    }

    @Test
    void readsAnyKindOfCollection() {
        write(put("a", "1"));

        assertThat(backend().readAll(Set.of("a", "b"))).containsOnlyKeys("a");
        assertThat(backend().readAll(Map.of("a", 1, "b", 2).keySet())).containsOnlyKeys("a");
    }

    @Test
    void writesNothingWhenAskedForNothing() {
        assertThat(backend().writeAll(List.of())).isEmpty();
    }

    @Test
    void writesAndReadsAThousandKeys() {
        List<String> keys = IntStream.range(0, MANY).mapToObj(i -> "key-" + i).toList();
        List<WriteResult> results = backend()
                .writeAll(keys.stream()
                        .<Mutation>map(key -> put(key, "value of " + key))
                        .toList());

        Map<String, Entry> all = backend().readAll(keys);

        assertThat(results).hasSize(MANY);
        assertThat(all).hasSize(MANY);
        assertThat(IntStream.range(0, MANY)).allSatisfy(i -> {
            Entry entry = Objects.requireNonNull(all.get(keys.get(i)));
            assertThat(text(entry)).isEqualTo("value of " + keys.get(i));
            assertThat(entry.version()).isEqualTo(version(results.get(i)));
        });
    }

    @Test
    void removesAThousandKeysAndThoseThatAreMissing() {
        List<String> keys = IntStream.range(0, MANY).mapToObj(i -> "key-" + i).toList();
        backend()
                .writeAll(IntStream.range(0, MANY / 2)
                        .<Mutation>mapToObj(i -> put(keys.get(i), "value"))
                        .toList());

        List<WriteResult> results = backend()
                .writeAll(keys.stream().<Mutation>map(StateGroup::remove).toList());

        assertThat(results.subList(0, MANY / 2)).containsOnly(new Removed(true));
        assertThat(results.subList(MANY / 2, MANY)).containsOnly(new Removed(false));
        assertThat(backend().readAll(keys)).isEmpty();
    }

    @Test
    void writesAndReadsManyLargeValues() {
        byte[] bytes = new byte[Math.min(MEBIBYTE, backend().maximumValueSize())];
        new Random(42).nextBytes(bytes);
        List<String> keys = IntStream.range(0, 24).mapToObj(i -> "key-" + i).toList();

        backend()
                .writeAll(keys.stream()
                        .<Mutation>map(key -> new Put(key, Value.of(bytes), null, Precondition.NONE))
                        .toList());

        assertThat(backend().readAll(keys))
                .hasSize(keys.size())
                .allSatisfy((key, entry) -> assertThat(entry.value().bytes()).isEqualTo(bytes));
    }

    @Test
    void givesEveryWriteAVersionOfItsOwn() {
        List<WriteResult> results = backend().writeAll(List.of(put("a", "1"), put("b", "1"), put("a", "1")));

        assertThat(version(results.get(2))).isNotEqualTo(version(results.get(0)));
        assertThat(stored("a").version()).isEqualTo(version(results.get(2)));
        assertThat(stored("b").version()).isEqualTo(version(results.get(1)));
    }

    @Test
    void reportsTheConflictOfEachItemAndAppliesTheRest() {
        String stale = written(put("stale", "old"));
        String actual = written(put("stale", "current"));
        String fresh = written(put("fresh", "old"));
        String taken = written(put("taken", "kept"));
        String removable = written(put("removable", "old"));

        List<WriteResult> results = backend()
                .writeAll(List.of(
                        replace("stale", "new", stale),
                        replace("fresh", "new", fresh),
                        putIfAbsent("taken", "new"),
                        putIfAbsent("free", "new"),
                        remove("stale", stale),
                        remove("removable", removable),
                        replace("missing", "new", fresh),
                        remove("missing"),
                        put("plain", "new")));

        assertThat(results).hasSize(9);
        assertThat(results.get(0)).isEqualTo(new Conflict(stale, actual));
        assertThat(version(results.get(1))).isEqualTo(stored("fresh").version());
        assertThat(results.get(2)).isEqualTo(new Conflict(null, taken));
        assertThat(version(results.get(3))).isEqualTo(stored("free").version());
        assertThat(results.get(4)).isEqualTo(new Conflict(stale, actual));
        assertThat(results.get(5)).isEqualTo(new Removed(true));
        assertThat(results.get(6)).isEqualTo(new Conflict(fresh, null));
        assertThat(results.get(7)).isEqualTo(new Removed(false));
        assertThat(version(results.get(8))).isEqualTo(stored("plain").version());
        assertThat(texts("stale", "fresh", "taken", "free", "removable", "missing", "plain"))
                .isEqualTo(Map.of("stale", "current", "fresh", "new", "taken", "kept", "free", "new", "plain", "new"));
    }

    @Test
    void appliesSeveralWritesOfOneKeyInOrder() {
        List<WriteResult> results = backend()
                .writeAll(List.of(
                        put("key", "first"),
                        putIfAbsent("key", "refused"),
                        put("other", "value"),
                        remove("key"),
                        remove("key"),
                        putIfAbsent("key", "second"),
                        put("key", "third")));

        assertThat(results.get(1)).isEqualTo(new Conflict(null, version(results.get(0))));
        assertThat(results.get(3)).isEqualTo(new Removed(true));
        assertThat(results.get(4)).isEqualTo(new Removed(false));
        assertThat(version(results.get(6))).isEqualTo(stored("key").version());
        assertThat(texts("key", "other")).isEqualTo(Map.of("key", "third", "other", "value"));
        assertThat(List.of(version(results.get(0)), version(results.get(5)), version(results.get(6))))
                .doesNotHaveDuplicates();
    }

    @Test
    void appliesSeveralVersionedWritesOfOneKeyInOrder() {
        String version = written(put("key", "old"));

        List<WriteResult> results =
                backend().writeAll(List.of(replace("key", "first", version), replace("key", "second", version)));

        assertThat(results.get(1)).isEqualTo(new Conflict(version, version(results.get(0))));
        assertThat(text("key")).isEqualTo("first");
    }

    @Test
    void mixesPutsWithAndWithoutTimeToLive() {
        backend().writeAll(List.of(put("a", "1", LONG), put("b", "2"), put("c", "3", LONG), put("c", "4")));

        assertThat(stored("a").expiresAt()).isNotNull();
        assertThat(stored("b").expiresAt()).isNull();
        assertThat(stored("c").expiresAt()).isNull();
    }
}
