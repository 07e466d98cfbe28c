// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mecha.MechaException;
import io.mecha.PageRequest;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Together;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class FaultBehaviour extends StateGroup {

    FaultBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireOutage() {
        outage();
        write(put("key", "before"));
    }

    @Test
    void failsReadsWhileTheServerIsGone() {
        outage().cut();

        assertNothingHappened(() -> backend().read("key"));
        assertNothingHappened(() -> backend().readAll(List.of("key", "other")));

        outage().restore();
        assertWorksAgain();
    }

    @Test
    void failsWritesWhileTheServerIsGone() {
        outage().cut();

        assertUnavailable(() -> write(put("key", "lost")));
        assertUnavailable(() -> write(remove("key")));
        assertUnavailable(() -> backend().writeAll(List.of(put("key", "lost"), put("other", "lost"))));

        outage().restore();
        assertWorksAgain();
        assertThat(texts("key", "other")).isEqualTo(Map.of("key", "before"));
    }

    @Test
    void saysThatNothingWasWrittenOnceNoConnectionIsLeft() {
        outage().cut();

        eventually(() -> assertNothingHappened(() -> write(put("key", "lost"))));
        assertNothingHappened(() -> write(remove("key")));
        assertNothingHappened(() -> backend().writeAll(List.of(put("key", "lost"))));
    }

    @Test
    void failsPingsWhileTheServerIsGone() {
        outage().cut();

        assertInTime(() -> assertThatThrownBy(() -> backend().ping()).isInstanceOf(MechaException.class));

        outage().restore();
        eventually(() -> assertThat(catchThrowableOfType(
                        MechaException.class, () -> backend().ping()))
                .isNull());
    }

    @Test
    void failsTransactionsWhileTheServerIsGone() {
        Transactions transactions = capability(Transactions.class);

        outage().cut();

        assertUnavailable(() -> transactions.execute(List.of(put("key", "lost"), put("other", "lost"))));

        outage().restore();
        assertWorksAgain();
        assertThat(texts("key", "other")).isEqualTo(Map.of("key", "before"));
    }

    @Test
    void failsKeyScansWhileTheServerIsGone() {
        KeyScan scan = capability(KeyScan.class);

        outage().cut();

        assertNothingHappened(() -> scan.keys("", PageRequest.first(1)));
    }

    @Test
    void failsLeasesWhileTheServerIsGone() {
        Leases leases = capability(Leases.class);
        Lease lease = LeaseGroup.granted(leases, "name", "owner", LONG);

        outage().cut();

        assertUnavailable(() -> leases.acquire("other", "owner", LONG));
        assertUnavailable(() -> leases.renew(Map.of(lease, LONG)));
        assertUnavailable(() -> leases.release(lease));

        outage().restore();
        assertWorksAgain();
        assertThat(leases.renew(Map.of(lease, LONG))).containsExactly(lease);
        assertThat(leases.release(lease)).isTrue();
    }

    @Test
    void recognisesAnOwnerThatDidNotGetTheAnswer() {
        Leases leases = capability(Leases.class);
        LeaseGroup.granted(leases, "other name", "owner", LONG);

        assertMayHaveHappened(() -> leases.acquire("name", "owner", LONG));

        Lease lease = LeaseGroup.granted(leases, "name", "owner", LONG);
        assertThat(leases.acquire("name", "other", LONG)).isInstanceOf(LeaseResult.Held.class);
        assertMayHaveHappened(() -> leases.renew(Map.of(lease, LONG)));
        assertThat(leases.renew(Map.of(lease, LONG))).containsExactly(lease);
    }

    @Test
    void describesItselfWhileTheServerIsGone() {
        outage().cut();

        assertThat(backend().capabilities().types()).hasSameSizeAs(expectedCapabilities());
        assertThat(backend().maximumValueSize()).isPositive();
    }

    @Test
    void opensWhileTheServerIsGone() {
        outage().cut();
        StateBackend node = anotherNode();
        assertNothingHappened(() -> node.read("key"));

        outage().restore();

        eventually(() -> assertThat(attempt(() -> text(Objects.requireNonNull(node.read("key")))))
                .isEqualTo("before"));
    }

    @Test
    void closesWhileTheServerIsGone() {
        outage().cut();

        assertInTime(() -> backend().close());
    }

    @Test
    void saysThatAPutMayHaveHappenedWhenItsAnswerIsLost() {
        assertMayHaveHappened(() -> write(put("key", "after")));
    }

    @Test
    void saysThatAVersionedPutMayHaveHappenedWhenItsAnswerIsLost() {
        String version = stored("key").version();

        assertMayHaveHappened(() -> write(replace("key", "after", version)));
    }

    @Test
    void saysThatABulkMayHaveHappenedWhenItsAnswerIsLost() {
        assertMayHaveHappened(() -> backend().writeAll(List.of(put("key", "after"), put("other", "after"))));
    }

    @Test
    void saysThatATransactionMayHaveHappenedWhenItsAnswerIsLost() {
        Transactions transactions = capability(Transactions.class);

        assertMayHaveHappened(() -> transactions.execute(List.of(put("key", "after"), put("other", "after"))));

        assertThat(texts("key", "other"))
                .as("all or nothing")
                .isIn(Map.of("key", "before"), Map.of("key", "after", "other", "after"));
    }

    @Test
    void saysThatNothingHappenedWhenTheAnswerToAReadIsLost() {
        assertNothingHappened(() -> outage().cutDuring(() -> backend().read("key")));

        outage().restore();
        assertWorksAgain();
    }

    @Test
    void failsInTimeWhenTheServerDoesNotAnswer() {
        outage().stall();

        assertNothingHappened(() -> backend().read("key"));
        assertUnavailable(() -> write(put("key", "after")));
        assertInTime(() -> assertThatThrownBy(() -> backend().ping()).isInstanceOf(MechaException.class));

        outage().restore();
        assertWorksAgain();
    }

    @Test
    void countsEveryWriteOnceWhileTheServerComesAndGoes() throws Exception {
        write(put("counter", "0"));
        Tally tally = new Tally();
        Callable<String> writer = () -> {
            while (!tally.done.get()) {
                increment(tally);
            }
            return "done";
        };
        Callable<String> breaker = () -> {
            for (int i = 0; i < 5 || tally.failedWrites.get() == 0; i++) {
                int before = tally.acknowledged.get();
                eventually(() -> assertThat(tally.acknowledged).hasValueGreaterThan(before + 20));
                outage().cut();
                int failures = tally.failures.get();
                eventually(() -> assertThat(tally.failures).hasValueGreaterThan(failures));
                outage().restore();
            }
            tally.done.set(true);
            return "done";
        };

        Together.run(List.of(writer, breaker));

        assertWorksAgain();
        int acknowledged = tally.acknowledged.get();
        assertThat(Integer.parseInt(text(stored("counter"))))
                .isBetween(acknowledged, acknowledged + tally.unknown.get());
        assertThat(tally.conflicts).hasValueLessThanOrEqualTo(tally.unknown.get());
    }

    @Test
    void survivesSeveralOutages() {
        for (int i = 0; i < 3; i++) {
            outage().cut();
            assertUnavailable(() -> write(put("key", "lost")));
            outage().restore();
            assertWorksAgain();
        }
    }

    @Test
    void tellsListenersThatTheyMayHaveMissedChanges() {
        ChangeNotifications notifications = capability(ChangeNotifications.class);
        AtomicInteger missed = new AtomicInteger();
        Queue<String> changed = new ConcurrentLinkedQueue<>();
        notifications.listen("", listener(changed, missed));
        eventually(() -> {
            write(put("probe", "value"));
            assertThat(changed).contains("probe");
        });
        int before = missed.get();

        outage().cut();
        assertUnavailable(() -> write(put("key", "lost")));
        outage().restore();

        eventually(() -> assertThat(missed).hasValueGreaterThan(before));
        changed.clear();
        eventually(() -> {
            attempt(() -> write(put("after", "value")));
            assertThat(changed).contains("after");
        });
    }

    @Test
    void listensWhenTheServerComesBack() {
        ChangeNotifications notifications = capability(ChangeNotifications.class);
        Queue<String> changed = new ConcurrentLinkedQueue<>();

        outage().cut();
        notifications.listen("", listener(changed, new AtomicInteger()));
        outage().restore();

        eventually(() -> {
            attempt(() -> write(put("after", "value")));
            assertThat(changed).contains("after");
        });
    }

    /** Add one, or learn that this was not possible, or that nobody knows. Nobody else writes. */
    private void increment(Tally tally) {
        boolean writing = false;
        try {
            Entry entry = stored("counter");
            String next = Integer.toString(Integer.parseInt(text(entry)) + 1);
            writing = true;
            boolean applied = write(replace("counter", next, entry.version())).applied();
            (applied ? tally.acknowledged : tally.conflicts).incrementAndGet();
        } catch (StateUnavailableException unavailable) {
            tally.failures.incrementAndGet();
            if (writing) {
                tally.failedWrites.incrementAndGet();
            }
            if (unavailable.mayHaveHappened()) {
                tally.unknown.incrementAndGet();
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /** The outcomes of the writes of a test. */
    private static final class Tally {
        final AtomicInteger acknowledged = new AtomicInteger();
        final AtomicInteger conflicts = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger failedWrites = new AtomicInteger();
        final AtomicInteger unknown = new AtomicInteger();
        final AtomicBoolean done = new AtomicBoolean();
    }

    /** Right after a cut, a write may find a connection that nobody knows to be broken, and cannot tell how far it got. */
    private StateUnavailableException assertUnavailable(ThrowingCallable call) {
        AtomicReference<StateUnavailableException> failure = new AtomicReference<>();
        assertInTime(
                () -> assertThatThrownBy(call).isInstanceOfSatisfying(StateUnavailableException.class, failure::set));
        return Objects.requireNonNull(failure.get());
    }

    private void assertNothingHappened(ThrowingCallable call) {
        StateUnavailableException failure = assertUnavailable(call);
        assertThat(failure.mayHaveHappened())
                .as("may have happened: %s", failure)
                .isFalse();
    }

    private void assertMayHaveHappened(Runnable call) {
        StateUnavailableException failure = assertUnavailable(() -> outage().cutDuring(call));
        assertThat(failure.mayHaveHappened())
                .as("may have happened: %s", failure)
                .isTrue();

        outage().restore();
        eventually(() -> assertThat(attempt(() -> text(stored("key")))).isIn("before", "after"));
        assertWorksAgain();
    }

    private void assertWorksAgain() {
        eventually(() -> assertThat(attempt(() -> write(put("again", "value")).applied()))
                .isEqualTo(true));
        assertThat(text("again")).isEqualTo("value");
        assertThat(backend().readAll(List.of("key", "again"))).hasSize(2);
    }

    /** Return what a call returns, or what it threw while the server was out of reach. */
    private static Object attempt(Callable<Object> call) {
        try {
            return call.call();
        } catch (StateUnavailableException unavailable) {
            return unavailable;
        } catch (Exception unexpected) {
            throw new AssertionError("An outage may only cause StateUnavailableException", unexpected);
        }
    }

    private static ChangeNotifications.Listener listener(Queue<String> changed, AtomicInteger missed) {
        return new ChangeNotifications.Listener() {
            @Override
            public void changed(String key) {
                changed.add(key);
            }

            @Override
            public void missed() {
                missed.incrementAndGet();
            }
        };
    }
}
