// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.WriteResult.Removed;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Applicability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class ExpiryBehaviour extends StateGroup {

    private static final Duration TOLERANCE = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    ExpiryBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void tellsWhenAValueExpires() {
        assertExpiry(LONG, () -> write(put("key", "value", LONG)));

        assertThat(text("key")).isEqualTo("value");
    }

    @Test
    void tellsWhenAValueExpiresInABulkRead() {
        write(put("expiring", "value", LONG));
        write(put("lasting", "value"));

        Map<String, Entry> all = backend().readAll(List.of("expiring", "lasting"));

        assertThat(Objects.requireNonNull(all.get("expiring")).expiresAt())
                .isNotNull()
                .isEqualTo(stored("expiring").expiresAt());
        assertThat(Objects.requireNonNull(all.get("lasting")).expiresAt()).isNull();
    }

    @Test
    void keepsAValueForTheLongestTime() {
        assertExpiry(LONGEST, () -> write(put("key", "value", LONGEST)));
    }

    @Test
    void keepsFractionsOfASecond() {
        Instant before = contract().clock().instant();
        write(put("key", "value", LONG));
        write(put("later", "value", LONG.plusMillis(900)));
        Duration passed = Duration.between(before, contract().clock().instant());

        assertThat(Duration.between(expiry("key"), expiry("later")))
                .isBetween(Duration.ofMillis(898), Duration.ofMillis(902).plus(passed));
    }

    @Test
    void takesTheTimeToLiveOfTheLastWrite() {
        write(put("key", "value", Duration.ofDays(1)));

        assertExpiry(LONG, () -> write(put("key", "value", LONG)));
    }

    @Test
    void clearsTheExpiryWhenPutAgainWithoutOne() {
        write(put("key", "old", SHORT));
        write(put("key", "new"));

        letExpire();

        assertThat(text("key")).isEqualTo("new");
        assertThat(stored("key").expiresAt()).isNull();
    }

    @Test
    void clearsTheExpiryWhenReplacedWithoutOne() {
        String version = written(put("key", "old", LONG));

        write(replace("key", "new", version));

        assertThat(stored("key").expiresAt()).isNull();
    }

    @Test
    void startsAnExpiryWhenReplacedWithOne() {
        String version = written(put("key", "old"));

        assertExpiry(LONG, () -> write(put("key", "new", LONG, Precondition.version(version))));
    }

    @Test
    void startsAnExpiryWhenPutIfAbsentWithOne() {
        assertExpiry(LONG, () -> write(put("key", "value", LONG, Precondition.ABSENT)));
    }

    @Test
    void startsAnExpiryInABulk() {
        assertExpiry(LONG, () -> backend().writeAll(List.of(put("key", "value", LONG), put("other", "value"))));
    }

    @Test
    void leavesTheExpiryAloneWhenAWriteConflicts() {
        write(put("key", "value", LONG));
        Instant expiry = expiry("key");

        write(putIfAbsent("key", "refused"));
        write(replace("key", "refused", "stale"));
        write(remove("key", "stale"));

        assertThat(stored("key").expiresAt()).isEqualTo(expiry);
    }

    @Test
    void neverReturnsAnExpiredValue() {
        write(put("key", "value", SHORT));
        write(put("briefest", "value", Duration.ofMillis(1)));
        write(put("lasting", "value"));

        letExpire();

        assertThat(backend().read("key")).isNull();
        assertThat(backend().read("briefest")).isNull();
        assertThat(backend().readAll(List.of("key", "briefest", "lasting"))).containsOnlyKeys("lasting");
    }

    @Test
    void putsIfAbsentWhereAValueExpired() {
        String expired = written(put("key", "old", SHORT));
        letExpire();

        String version = written(putIfAbsent("key", "new"));

        assertThat(version).isNotEqualTo(expired);
        assertThat(text("key")).isEqualTo("new");
        assertThat(stored("key").expiresAt()).isNull();
    }

    @Test
    void refusesTheVersionOfAnExpiredValue() {
        String expired = written(put("key", "value", SHORT));
        letExpire();

        assertThat(write(replace("key", "new", expired))).isEqualTo(new Conflict(expired, null));
        assertThat(write(remove("key", expired))).isEqualTo(new Conflict(expired, null));

        assertThat(backend().read("key")).isNull();
    }

    @Test
    void removesNothingWhereAValueExpired() {
        write(put("key", "value", SHORT));
        letExpire();

        assertThat(write(remove("key"))).isEqualTo(new Removed(false));
    }

    @Test
    void meetsExpiredValuesInABulkAsIfTheyWereAbsent() {
        String expired = written(put("replaced", "old", SHORT));
        write(put("inserted", "old", SHORT));
        write(put("removed", "old", SHORT));
        letExpire();

        var results = backend()
                .writeAll(List.of(
                        replace("replaced", "new", expired), putIfAbsent("inserted", "new"), remove("removed")));

        assertThat(results.get(0)).isEqualTo(new Conflict(expired, null));
        assertThat(version(results.get(1))).isEqualTo(stored("inserted").version());
        assertThat(results.get(2)).isEqualTo(new Removed(false));
    }

    @Test
    void meetsExpiredValuesInATransactionAsIfTheyWereAbsent() {
        Transactions transactions = capability(Transactions.class);
        String expired = written(put("key", "old", SHORT));
        letExpire();

        assertThat(transactions.execute(
                        List.of(put("other", "value"), new Require("key", Precondition.version(expired)))))
                .isEqualTo(new TransactionResult.Conflict("key", expired, null));
        assertThat(transactions.execute(List.of(new Require("key", Precondition.ABSENT), putIfAbsent("key", "new"))))
                .isInstanceOf(Committed.class);
        assertThat(text("key")).isEqualTo("new");
    }

    @Test
    void startsAndClearsExpiriesInATransaction() {
        Transactions transactions = capability(Transactions.class);
        write(put("cleared", "old", LONG));
        List<Operation> operations = List.of(put("cleared", "new"), put("key", "value", LONG));

        assertExpiry(LONG, () -> transactions.execute(operations));

        assertThat(stored("cleared").expiresAt()).isNull();
    }

    @Test
    void expiresWhatATransactionWrote() {
        Transactions transactions = capability(Transactions.class);
        transactions.execute(List.of(put("key", "value", SHORT), put("lasting", "value")));

        letExpire();

        assertThat(backend().readAll(List.of("key", "lasting"))).containsOnlyKeys("lasting");
    }

    @Test
    void purgesExpiredValuesWithoutBeingAsked() {
        Applicability.require(contract().storedEntries().isPresent(), "nobody can tell how much is stored");
        List<Mutation> expiring = IntStream.range(0, 500)
                .<Mutation>mapToObj(i -> put("key-" + i, "value", SHORT))
                .toList();
        write(put("lasting", "value"));
        write(put("later", "value", LONG));
        long before = contract().storedEntries().orElseThrow();
        backend().writeAll(expiring);

        letExpire();

        eventually(() -> assertThat(contract().storedEntries()).hasValue(before));
        assertThat(backend().readAll(List.of("lasting", "later"))).hasSize(2);
    }

    @Test
    void expiresInTimeWhenTheClockIsSetBack() {
        write(put("key", "value", SHORT));

        setClock(Duration.ofHours(-1));
        letExpire();

        assertThat(backend().read("key")).isNull();
        assertThat(write(putIfAbsent("key", "next")).applied()).isTrue();
    }

    @Test
    void keepsValuesWhenTheClockIsSetForward() {
        write(put("key", "value", LONG));

        setClock(LONG.multipliedBy(2));

        assertThat(text("key")).isEqualTo("value");
        write(put("later", "value", SHORT));
        letExpire();
        assertThat(backend().read("later")).isNull();
    }

    @Test
    void purgesInTimeWhateverIsDoneToTheClock() {
        Applicability.require(contract().storedEntries().isPresent(), "nobody can tell how much is stored");
        write(put("lasting", "value", LONG));
        long before = contract().storedEntries().orElseThrow();
        for (Duration jump : List.of(Duration.ofHours(-1), Duration.ofHours(2), Duration.ofHours(-1))) {
            write(put("key", "value", SHORT));

            setClock(jump);
            letExpire();

            eventually(() -> assertThat(contract().storedEntries()).hasValue(before));
            assertThat(text("lasting")).isEqualTo("value");
        }
    }

    private void letExpire() {
        advance(SHORT.plusMillis(50));
    }

    private void assertExpiry(Duration timeToLive, Runnable write) {
        Instant before = contract().clock().instant();
        write.run();
        Instant after = contract().clock().instant();

        assertThat(expiry("key"))
                .isBetween(
                        before.plus(timeToLive).minus(TOLERANCE),
                        after.plus(timeToLive).plus(TOLERANCE));
    }

    private Instant expiry(String key) {
        Instant expiry = stored(key).expiresAt();
        assertThat(expiry).as("expiry of '%s'", key).isNotNull();
        return Objects.requireNonNull(expiry);
    }
}
