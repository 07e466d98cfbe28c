// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static io.mecha.test.state.ConcurrencyBehaviour.callers;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.Applicability;
import io.mecha.test.Together;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class LeaseBehaviour extends LeaseGroup {

    private static final int CALLERS = 8;
    private static final int ROUNDS = 25;

    LeaseBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void grantsWhatIsFree() {
        LeaseResult result = leases().acquire("name", "owner", LONG);

        assertThat(result).isInstanceOfSatisfying(Granted.class, granted -> {
            assertThat(granted.token()).isPositive();
            assertThat(granted.remaining()).isBetween(LONG.minus(TOLERANCE), LONG);
        });
    }

    @Test
    void refusesWhatAnotherOwnerHas() {
        granted("name", "owner", LONG);

        assertThat(held("name", "other")).isBetween(LONG.minus(TOLERANCE), LONG);
        assertThat(held("name", "Owner")).isPositive();
    }

    @Test
    void recognisesTheOwnerThatAsksAgain() {
        Lease lease = granted("name", "owner", LONG);

        assertThat(granted("name", "owner", LONG)).isEqualTo(lease);
        assertThat(held("name", "other")).isPositive();
    }

    @Test
    void beginsTheTimeAnewForTheOwnerThatAsksAgain() {
        granted("name", "owner", SHORT);

        granted("name", "owner", LONG);
        advance(SHORT.plus(SHORT));

        assertThat(held("name", "other")).isGreaterThan(SHORT);
    }

    @Test
    void grantsWhatHasExpired() {
        Lease lease = granted("name", "owner", SHORT);

        advance(SHORT.plusMillis(1));

        assertThat(granted("name", "other", LONG).token()).isGreaterThan(lease.token());
        assertThat(held("name", "owner")).isPositive();
    }

    @Test
    void givesTheSameOwnerANewTokenAfterExpiry() {
        Lease lease = granted("name", "owner", SHORT);

        advance(SHORT.plusMillis(1));

        assertThat(granted("name", "owner", LONG).token()).isGreaterThan(lease.token());
    }

    @Test
    void grantsWhatWasReleased() {
        Lease lease = granted("name", "owner", LONG);

        assertThat(leases().release(lease)).isTrue();

        Lease next = granted("name", "other", LONG);
        assertThat(next.token()).isGreaterThan(lease.token());
        assertThat(leases().release(lease)).isFalse();
        assertThat(held("name", "third")).isPositive();
    }

    @Test
    void releasesOnlyWhatIsHeld() {
        Lease expired = granted("expired", "owner", SHORT);
        Lease lease = granted("name", "owner", LONG);
        advance(SHORT.plusMillis(1));

        assertThat(leases().release(expired)).isFalse();
        assertThat(leases().release(new Lease("never", "owner", lease.token()))).isFalse();
        assertThat(leases().release(new Lease("name", "other", lease.token()))).isFalse();
        assertThat(leases().release(new Lease("name", "owner", lease.token() - 1)))
                .isFalse();
        assertThat(leases().release(new Lease("name", "owner", lease.token() + 1)))
                .isFalse();

        assertThat(held("name", "other")).isPositive();
        assertThat(leases().release(lease)).isTrue();
        assertThat(leases().release(lease)).isFalse();
    }

    @Test
    void keepsWhatIsRenewed() {
        Lease lease = granted("name", "owner", Duration.ofSeconds(5));

        assertThat(leases().renew(Map.of(lease, LONG))).containsExactly(lease);

        advance(SHORT);
        assertThat(held("name", "other")).isGreaterThan(LONG.minus(TOLERANCE));
    }

    @Test
    void renewsForAShorterTimeToo() {
        Lease lease = granted("name", "owner", LONG);

        assertThat(leases().renew(Map.of(lease, SHORT))).containsExactly(lease);
        advance(SHORT.plusMillis(1));

        granted("name", "other", LONG);
    }

    @Test
    void renewsManyEachForItsTime() {
        Map<Lease, Duration> leases = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            Duration timeToLive = i % 2 == 0 ? SHORT : LONG;
            leases.put(granted("name-" + i, "owner-" + i, Duration.ofMinutes(5)), timeToLive);
        }

        assertThat(leases().renew(leases)).isEqualTo(leases.keySet());
        advance(SHORT.plusMillis(1));

        granted("name-0", "other", LONG);
        granted("name-98", "other", LONG);
        assertThat(held("name-1", "other")).isGreaterThan(LONG.minus(TOLERANCE));
        assertThat(held("name-99", "other")).isGreaterThan(LONG.minus(TOLERANCE));
    }

    @Test
    void renewsOnlyWhatIsHeld() {
        Lease kept = granted("kept", "owner", LONG);
        Lease released = granted("released", "owner", LONG);
        leases().release(released);
        Lease taken = granted("taken", "owner", LONG);
        leases().release(taken);
        Lease newer = granted("taken", "other", LONG);
        Lease expired = granted("expired", "owner", SHORT);
        advance(SHORT.plusMillis(1));
        Map<Lease, Duration> leases = new HashMap<>();
        Stream.of(kept, released, taken, expired).forEach(lease -> leases.put(lease, LONG));
        leases.put(new Lease("never", "owner", kept.token()), LONG);
        leases.put(new Lease("kept", "other", kept.token()), LONG);
        leases.put(new Lease("kept", "owner", kept.token() - 1), LONG);

        assertThat(leases().renew(leases)).isEqualTo(Set.of(kept));

        assertThat(granted("released", "other", LONG).token()).isGreaterThan(released.token());
        assertThat(granted("expired", "other", LONG).token()).isGreaterThan(expired.token());
        assertThat(leases().release(newer)).isTrue();
        granted("never", "owner", LONG);
    }

    @Test
    void keepsLookAlikesApart() {
        String longest = "𝄞".repeat(511);
        List<String> names = List.of(
                "name",
                "Name",
                "name ",
                " name",
                "näme",
                "na\u0308me",
                "name%",
                "n",
                "ß",
                "ss",
                longest + "a",
                longest + "b");
        List<Lease> leases = new ArrayList<>();

        names.forEach(name -> leases.add(granted(name, "owner of " + names.indexOf(name), LONG)));

        names.forEach(name -> assertThat(held(name, "other")).isPositive());
        leases.forEach(lease -> assertThat(leases().release(lease)).isTrue());
    }

    @Test
    void takesOwnersOfEveryLengthAndCharacter() {
        String longest = "ö".repeat(Leases.MAXIMUM_OWNER_LENGTH - 1);
        Lease lease = granted("name", longest + "a", LONG);

        assertThat(held("name", longest + "b")).isPositive();
        assertThat(leases().renew(Map.of(lease, LONG))).containsExactly(lease);
        assertThat(leases().release(lease)).isTrue();
    }

    @Test
    void keepsNamesApartFromKeys() {
        write(put("name", "value"));
        Lease lease = granted("name", "owner", LONG);

        assertThat(text("name")).isEqualTo("value");
        write(remove("name"));
        assertThat(backend().read("name")).isNull();
        assertThat(leases().renew(Map.of(lease, LONG))).containsExactly(lease);
    }

    @Test
    void showsNoNamesToScans() {
        KeyScan scan = capability(KeyScan.class);
        write(put("name-1", "value"));
        granted("name-1", "owner", LONG);
        granted("name-2", "owner", LONG);

        Page<String> all = scan.keys("", PageRequest.first(PageRequest.MAXIMUM_SIZE));

        assertThat(all.items()).containsExactly("name-1");
    }

    @Test
    void raisesTokensHoweverFastTheyFollow() {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Lease lease = granted("name", "owner-" + i % 3, LONG);
            tokens.add(lease.token());
            leases().release(lease);
        }

        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void beginsTokensAtTheTimeInMicroseconds() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, contract().clock().instant());

        assertThat(granted("name", "owner", LONG).token())
                .isBetween(now - TimeUnit.SECONDS.toMicros(3), now + TimeUnit.MINUTES.toMicros(1));
    }

    @Test
    void raisesTokensOfNamesThatWereForgotten() {
        Lease lease = granted("name", "owner", LONG);
        leases().release(lease);
        Applicability.require(contract().forgetLeases(), "what is known of names cannot be taken away here");
        advance(Duration.ofMillis(1));

        assertThat(granted("name", "owner", LONG).token()).isGreaterThan(lease.token());
    }

    @Test
    void raisesTokensWhenTheClockIsSetBack() {
        Lease lease = granted("name", "owner", LONG);
        leases().release(lease);
        setClock(Duration.ofHours(-1));

        assertThat(granted("name", "owner", LONG).token()).isGreaterThan(lease.token());
    }

    @Test
    void lastsAsLongWhateverIsDoneToTheClock() {
        granted("name", "owner", LONG);
        setClock(Duration.ofHours(2));

        assertThat(held("name", "other")).isPositive();
        setClock(Duration.ofHours(-4));
        advance(LONG.plusMillis(1));

        granted("name", "other", LONG);
    }

    @Test
    void grantsToExactlyOneOfMany() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "name-" + round;

            List<LeaseResult> results =
                    Together.run(callers(CALLERS, caller -> leases().acquire(name, "owner-" + caller, LONG)));

            assertThat(results).filteredOn(Granted.class::isInstance).hasSize(1);
        }
    }

    @Test
    void grantsWhatHasExpiredToExactlyOneOfMany() throws Exception {
        for (int round = 0; round < 5; round++) {
            Lease lease = granted("name-" + round, "first", Duration.ofMillis(10));
            advance(Duration.ofMillis(11));

            List<LeaseResult> results =
                    Together.run(callers(CALLERS, caller -> leases().acquire(lease.name(), "owner-" + caller, LONG)));

            assertThat(results)
                    .filteredOn(Granted.class::isInstance)
                    .hasSize(1)
                    .allSatisfy(
                            granted -> assertThat(((Granted) granted).token()).isGreaterThan(lease.token()));
        }
    }

    @Test
    void excludesOwnersOnAllNodes() throws Exception {
        List<StateBackend> nodes = new ArrayList<>(List.of(backend()));
        contract().anotherNode().ifPresent(node -> nodes.add(keep(node)));
        AtomicInteger inside = new AtomicInteger();

        List<List<Long>> tokens = Together.run(callers(4, caller -> {
            Leases leases = leases(nodes.get(caller % nodes.size()));
            List<Long> mine = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                Lease lease = acquired(leases, "name", "owner-%d-%d".formatted(caller, i), LONG);
                assertThat(inside.incrementAndGet()).as("owners at a time").isEqualTo(1);
                mine.add(lease.token());
                assertThat(leases.renew(Map.of(lease, LONG))).hasSize(1);
                inside.decrementAndGet();
                assertThat(leases.release(lease)).isTrue();
            }
            return mine;
        }));

        assertThat(tokens).allSatisfy(mine -> assertThat(mine).isSorted());
        assertThat(tokens.stream().flatMap(List::stream)).doesNotHaveDuplicates();
    }

    @Test
    void letsOtherNodesSeeAndGoOn() {
        StateBackend other = anotherNode();
        Lease lease = granted("name", "owner", LONG);

        assertThat(leases(other).acquire("name", "other", LONG)).isInstanceOf(LeaseResult.Held.class);
        assertThat(leases(other).renew(Map.of(lease, LONG))).containsExactly(lease);
        backend().close();
        assertThat(leases(other).acquire("name", "other", LONG)).isInstanceOf(LeaseResult.Held.class);
        assertThat(leases(other).release(lease)).isTrue();
        assertThat(granted(leases(other), "name", "other", LONG).token()).isGreaterThan(lease.token());
    }
}
