// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static io.mecha.test.state.ConcurrencyBehaviour.callers;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.TransactionResult.Conflict;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.Mutation.Remove;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Together;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class TransactionBehaviour extends StateGroup {

    private static final int ROUNDS = 50;

    TransactionBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireTransactions() {
        capability(Transactions.class);
    }

    @Test
    void takesAtLeastTwoOperations() {
        assertThat(capability(Transactions.class).maximumOperations()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void takesAsManyOperationsAsItStates() {
        int size = Math.min(capability(Transactions.class).maximumOperations(), 500);
        List<Operation> puts = IntStream.range(0, size)
                .<Operation>mapToObj(i -> put("key-" + i, "value " + i))
                .toList();

        Map<String, String> versions = committed(puts);

        List<String> keys =
                KeyOperation.of(puts).stream().map(KeyOperation::key).toList();
        assertThat(versions.keySet()).containsExactlyElementsOf(keys);
        assertThat(backend().readAll(keys)).hasSize(size);
    }

    @Test
    void writesSeveralKeys() {
        Map<String, String> versions = committed(put("a", "1"), put("b", "2"), put("c", "3"));

        assertThat(texts("a", "b", "c")).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
        assertThat(versions)
                .isEqualTo(Map.of(
                        "a",
                        stored("a").version(),
                        "b",
                        stored("b").version(),
                        "c",
                        stored("c").version()));
        assertThat(versions.keySet()).containsExactly("a", "b", "c");
    }

    @Test
    void removesSeveralKeysAndThoseThatAreMissing() {
        committed(put("a", "1"), put("b", "2"), put("c", "3"));

        Map<String, String> versions = committed(remove("a"), remove("never"), remove("b"));

        assertThat(versions).isEmpty();
        assertThat(texts("a", "b", "c", "never")).isEqualTo(Map.of("c", "3"));
    }

    @Test
    void appliesOperationsInOrder() {
        write(put("existing", "value"));

        Map<String, String> versions =
                committed(remove("existing"), put("second", "2"), remove("second"), put("third", "3"));

        assertThat(versions).containsOnlyKeys("third");
        assertThat(texts("existing", "second", "third")).isEqualTo(Map.of("third", "3"));
    }

    @Test
    void keepsTheLastOfSeveralPutsOfOneKey() {
        Map<String, String> versions = committed(put("key", "first"), put("other", "value"), put("key", "last"));

        assertThat(text("key")).isEqualTo("last");
        assertThat(versions)
                .containsOnlyKeys("key", "other")
                .containsEntry("key", stored("key").version());
    }

    @Test
    void removesAndPutsAgainInOneTransaction() {
        String before = written(put("key", "old"));

        Map<String, String> versions = committed(remove("key", before), putIfAbsent("key", "new"));

        assertThat(text("key")).isEqualTo("new");
        assertThat(versions.get("key")).isEqualTo(stored("key").version()).isNotEqualTo(before);
    }

    @Test
    void changesTheVersionOfEveryKeyItWrites() {
        String a = written(put("a", "same"));
        String b = written(put("b", "same"));

        Map<String, String> versions = committed(put("a", "same"), replace("b", "same", b));

        assertThat(versions.values()).doesNotContain(a, b).doesNotHaveDuplicates();
    }

    @Test
    void commitsWhenEveryPreconditionHolds() {
        String a = written(put("a", "1"));
        String b = written(put("b", "2"));
        String c = written(put("c", "3"));

        Map<String, String> versions = committed(
                replace("a", "new", a),
                remove("b", b),
                require("c", c),
                putIfAbsent("d", "4"),
                new Require("e", Precondition.ABSENT),
                new Require("c", Precondition.NONE));

        assertThat(versions).containsOnlyKeys("a", "d");
        assertThat(texts("a", "b", "c", "d", "e")).isEqualTo(Map.of("a", "new", "c", "3", "d", "4"));
        assertThat(stored("c").version()).isEqualTo(c);
    }

    @Test
    void appliesNothingWhenAPutConflicts() {
        String stale = written(put("a", "1"));
        String actual = written(put("a", "2"));

        assertConflict(new Conflict("a", stale, actual), put("b", "new"), replace("a", "new", stale), put("c", "new"));
    }

    @Test
    void appliesNothingWhenARemovalConflicts() {
        String stale = written(put("a", "1"));
        String actual = written(put("a", "2"));

        assertConflict(new Conflict("a", stale, actual), put("b", "new"), remove("a", stale));
    }

    @Test
    void appliesNothingWhenARequirementFails() {
        String stale = written(put("a", "1"));
        String actual = written(put("a", "2"));

        assertConflict(new Conflict("a", stale, actual), put("b", "new"), require("a", stale));
        assertConflict(new Conflict("a", null, actual), put("b", "new"), new Require("a", Precondition.ABSENT));
        assertConflict(new Conflict("never", stale, null), put("b", "new"), require("never", stale));
    }

    @Test
    void appliesNothingWhenAKeyIsTaken() {
        String actual = written(put("a", "2"));

        assertConflict(new Conflict("a", null, actual), put("b", "new"), remove("c"), putIfAbsent("a", "new"));
    }

    @Test
    void appliesNothingWhenTheVersionOfAMissingKeyIsExpected() {
        String gone = written(put("gone", "1"));
        write(remove("gone"));
        write(put("a", "2"));

        assertConflict(new Conflict("gone", gone, null), put("a", "new"), replace("gone", "new", gone));
        assertConflict(new Conflict("gone", gone, null), put("a", "new"), remove("gone", gone));
    }

    @Test
    void namesTheFirstConflictInOrder() {
        String stale = written(put("a", "1"));
        String b = written(put("b", "1"));
        write(put("a", "2"));

        assertConflict(
                new Conflict("b", null, b), put("z", "new"), putIfAbsent("b", "new"), replace("a", "new", stale));
        assertConflict(
                new Conflict("a", stale, stored("a").version()),
                put("z", "new"),
                replace("a", "new", stale),
                putIfAbsent("b", "new"));
    }

    @Test
    void evaluatesPreconditionsAfterEarlierOperationsOfTheSameTransaction() {
        String a = written(put("a", "1"));

        assertConflictOn("a", put("a", "2"), require("a", a));
        assertConflictOn("a", put("a", "2"), replace("a", "3", a));
        assertConflictOn("a", put("a", "2"), remove("a", a));
        assertConflictOn("b", put("b", "2"), new Require("b", Precondition.ABSENT));
        assertConflictOn("b", putIfAbsent("b", "2"), putIfAbsent("b", "3"));
        assertConflict(new Conflict("a", a, null), remove("a"), require("a", a));
        assertConflict(new Conflict("a", a, null), remove("a"), replace("a", "2", a));

        assertThat(committed(
                        require("a", a),
                        remove("a", a),
                        new Require("a", Precondition.ABSENT),
                        new Remove("a", Precondition.ABSENT),
                        putIfAbsent("a", "2"),
                        remove("a"),
                        putIfAbsent("a", "3")))
                .containsOnlyKeys("a");
        assertThat(text("a")).isEqualTo("3");
    }

    @Test
    void worksAgainAfterAConflict() {
        String version = written(put("a", "1"));
        assertConflictOn("a", put("b", "new"), new Require("a", Precondition.ABSENT));

        assertThat(committed(put("b", "new"), replace("a", "2", version))).containsOnlyKeys("a", "b");
        assertThat(write(put("a", "3")).applied()).isTrue();
        assertThat(write(putIfAbsent("c", "3")).applied()).isTrue();
    }

    @Test
    void keepsAnyKeyApart() {
        committed(put("a||b", "1"), put("A||B", "2"), put("😀", "3"), put("{a}", "4"), put("a ", "5"));

        assertThat(texts("a||b", "A||B", "😀", "{a}", "a ", "a"))
                .isEqualTo(Map.of("a||b", "1", "A||B", "2", "😀", "3", "{a}", "4", "a ", "5"));
    }

    @Test
    void neitherDeadlocksNorTearsWhenKeysComeInOppositeOrder() throws Exception {
        Transactions transactions = capability(Transactions.class);
        for (int round = 0; round < ROUNDS; round++) {
            List<TransactionResult> results = Together.run(callers(4, caller -> {
                Operation a = put("a", "caller " + caller);
                Operation b = put("b", "caller " + caller);
                return transactions.execute(caller % 2 == 0 ? List.of(a, b) : List.of(b, a));
            }));

            assertThat(results).allMatch(TransactionResult::committed);
            assertThat(text("a")).isNotNull().isEqualTo(text("b"));
        }
    }

    @Test
    void losesNoUpdateOfSeveralKeys() throws Exception {
        write(put("a", "0"));
        write(put("b", "0"));

        Together.run(callers(4, caller -> {
            for (int i = 0; i < ROUNDS / 2; i++) {
                incrementBoth(caller % 2 == 0);
            }
            return "done";
        }));

        assertThat(texts("a", "b")).isEqualTo(Map.of("a", "100", "b", "100"));
    }

    @Test
    void losesNoUpdateBesideSingleWrites() throws Exception {
        write(put("a", "0"));
        write(put("b", "0"));

        Together.run(callers(4, caller -> {
            for (int i = 0; i < ROUNDS / 2; i++) {
                if (caller % 2 == 0) {
                    incrementBoth(true);
                } else {
                    ConcurrencyBehaviour.increment(backend(), "a");
                }
            }
            return "done";
        }));

        assertThat(texts("a", "b")).isEqualTo(Map.of("a", "100", "b", "50"));
    }

    @Test
    void preventsWriteSkewByRequirements() throws Exception {
        Transactions transactions = capability(Transactions.class);
        for (int round = 0; round < ROUNDS; round++) {
            String a = written(put("a", "on call"));
            String b = written(put("b", "on call"));
            List<Callable<TransactionResult>> leave = List.of(
                    () -> transactions.execute(List.of(require("b", b), put("a", "off"))),
                    () -> transactions.execute(List.of(require("a", a), put("b", "off"))));

            List<TransactionResult> results = Together.run(leave);

            assertThat(results).filteredOn(TransactionResult::committed).hasSize(1);
            assertThat(texts("a", "b").values()).containsExactlyInAnyOrder("on call", "off");
        }
    }

    @Test
    void letsExactlyOneOfManyInsertBehindARequirementOfAbsence() throws Exception {
        Transactions transactions = capability(Transactions.class);
        for (int round = 0; round < ROUNDS; round++) {
            String a = "a" + round;
            String b = "b" + round;
            List<Callable<TransactionResult>> insert = List.of(
                    () -> transactions.execute(List.of(new Require(b, Precondition.ABSENT), putIfAbsent(a, "value"))),
                    () -> transactions.execute(List.of(new Require(a, Precondition.ABSENT), putIfAbsent(b, "value"))));

            List<TransactionResult> results = Together.run(insert);

            assertThat(results).filteredOn(TransactionResult::committed).hasSize(1);
            assertThat(texts(a, b)).hasSize(1);
        }
    }

    @Test
    void neverShowsWhatWasNotCommitted() throws Exception {
        Transactions transactions = capability(Transactions.class);
        write(put("a", "committed"));
        AtomicInteger executed = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Callable<Set<String>> writer = () -> {
            while (!done.get()) {
                transactions.execute(List.of(put("a", "never"), require("b", "stale")));
                executed.incrementAndGet();
            }
            return Set.of();
        };
        Callable<Set<String>> reader = () -> {
            Set<String> seen = new HashSet<>();
            try {
                while (executed.get() < ROUNDS) {
                    seen.add(Objects.requireNonNull(text("a")));
                }
                return seen;
            } finally {
                done.set(true);
            }
        };

        List<Set<String>> seen = Together.run(List.of(writer, reader));

        assertThat(seen.get(1)).doesNotContain("never");
        assertThat(text("a")).isEqualTo("committed");
    }

    private void incrementBoth(boolean forward) {
        Transactions transactions = capability(Transactions.class);
        TransactionResult result;
        do {
            Entry a = stored("a");
            Entry b = stored("b");
            Operation nextA = replace("a", next(a), a.version());
            Operation nextB = replace("b", next(b), b.version());
            result = transactions.execute(forward ? List.of(nextA, nextB) : List.of(nextB, nextA));
        } while (!result.committed());
    }

    private static String next(Entry entry) {
        return Integer.toString(Integer.parseInt(text(entry)) + 1);
    }

    private static Require require(String key, String version) {
        return new Require(key, Precondition.version(version));
    }

    private Map<String, String> committed(Operation... operations) {
        return committed(List.of(operations));
    }

    private Map<String, String> committed(List<Operation> operations) {
        TransactionResult result = capability(Transactions.class).execute(operations);
        assertThat(result).isInstanceOf(Committed.class);
        return ((Committed) result).versions();
    }

    private void assertConflict(Conflict expected, Operation... operations) {
        assertThat(assertConflictOn(expected.key(), operations)).isEqualTo(expected);
    }

    private Conflict assertConflictOn(String key, Operation... operations) {
        List<String> keys = KeyOperation.of(List.of(operations)).stream()
                .map(KeyOperation::key)
                .distinct()
                .toList();
        Map<String, String> before = versions(keys);

        TransactionResult result = capability(Transactions.class).execute(List.of(operations));

        assertThat(result).isInstanceOf(Conflict.class);
        assertThat(((Conflict) result).key()).isEqualTo(key);
        assertThat(versions(keys)).isEqualTo(before);
        return (Conflict) result;
    }
}
