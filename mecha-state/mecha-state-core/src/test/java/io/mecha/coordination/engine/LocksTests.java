// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.coordination.DistributedLock;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LeaseLostException;
import io.mecha.coordination.LockNotAcquiredException;
import io.mecha.coordination.LockOptions;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.test.Eventually;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocksTests {

    private static final Duration LEASE = Duration.ofSeconds(9);
    private static final LockOptions OPTIONS = LockOptions.defaults().lease(LEASE);

    private final TestClock clock = new TestClock();
    private final ScriptedLeases leases = new ScriptedLeases(clock);
    private final Coordination node = open();
    private final Coordination other = open();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Coordination open() {
        return Coordination.builder(leases.store()).clock(clock).build();
    }

    @AfterEach
    void close() {
        leases.down(false);
        node.close();
        other.close();
        threads.shutdownNow();
    }

    private static void eventually(Runnable assertions) {
        Eventually.eventually(Duration.ofSeconds(30), assertions);
    }

    private DistributedLock lock(LockOptions options) {
        return node.locks().lock("name", options);
    }

    /** Let time pass in steps in which renewals have time to run. */
    private void live(HeldLock held, Duration duration) {
        Duration step = LEASE.dividedBy(6);
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(step)) {
            clock.advance(step);
            eventually(() -> assertThat(held.remaining()).isGreaterThan(LEASE.dividedBy(2)));
        }
    }

    @Test
    void renewsAllThatAreHeldWithOneStatementARound() {
        List<HeldLock> held = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            held.add(node.locks().lock("name-" + i, OPTIONS).acquire());
        }
        int threadsBefore = Thread.activeCount();

        clock.advance(LEASE.dividedBy(2));

        eventually(() ->
                assertThat(held).allSatisfy(each -> assertThat(each.remaining()).isGreaterThan(LEASE.dividedBy(2))));
        assertThat(leases.renewals).hasValue(1);
        assertThat(leases.sizes).containsExactly(1_000);
        assertThat(Thread.activeCount()).isLessThan(threadsBefore + 20);
        held.forEach(HeldLock::close);
        assertThat(node.held()).isZero();
        assertThat(leases.renewals).hasValue(1);
    }

    @Test
    void leavesWhatIsHeldAtTheEndToItsLease() {
        HeldLock held = lock(OPTIONS).acquire();
        AtomicBoolean told = new AtomicBoolean();
        held.onLost(() -> told.set(true));
        node.locks().lock("given back", OPTIONS).acquire().close();

        node.close();

        assertThat(held.isValid()).isFalse();
        eventually(() -> assertThat(told).isTrue());
        AtomicBoolean toldLate = new AtomicBoolean();
        held.onLost(() -> toldLate.set(true));
        assertThat(toldLate).isTrue();
        held.close();
        assertThat(leases.renewals).hasValue(0);
        assertThat(other.locks().lock("given back").tryAcquire()).isPresent();
        clock.advance(LEASE.minusMillis(100));
        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
        clock.advance(Duration.ofMillis(200));
        assertThat(other.locks().lock("name").tryAcquire()).isPresent();
    }

    @Test
    void keepsALockForAsLongAsItIsHeld() {
        try (HeldLock held = lock(OPTIONS).acquire()) {
            live(held, LEASE.multipliedBy(3));

            held.assertValid();
            assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
        }
        assertThat(other.locks().lock("name").tryAcquire()).isPresent();
    }

    @Test
    void knowsAfterAPauseThatItHasNothingBeforeAnyAnswer() {
        HeldLock held = lock(OPTIONS).acquire();
        AtomicBoolean told = new AtomicBoolean();
        held.onLost(() -> told.set(true));

        clock.advance(LEASE);

        assertThat(held.isValid()).isFalse();
        assertThat(held.remaining()).isZero();
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(held::assertValid)
                .withMessageContaining("MECHA-K303")
                .withMessageContaining("its deadline passed");
        eventually(() -> assertThat(told).isTrue());
        assertThat(leases.renewals).hasValue(0);
        held.close();
        assertThat(node.statistics().acquired().sum()).isEqualTo(1);
        assertThat(node.statistics().lost().sum()).isEqualTo(1);
    }

    @Test
    void endsEarlierThanTheBackend() {
        HeldLock held = lock(OPTIONS.renew(false)).acquire();

        clock.advance(LEASE.minus(LEASE.dividedBy(100)));

        assertThat(held.isValid()).isFalse();
        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
    }

    @Test
    void losesNothingToAnErrorOfARenewal() {
        HeldLock held = lock(OPTIONS).acquire();
        leases.down(true);
        clock.advance(LEASE.dividedBy(2));
        eventually(() -> assertThat(leases.renewals).hasPositiveValue());
        assertThat(held.isValid()).isTrue();

        leases.down(false);

        eventually(() -> {
            clock.advance(Duration.ofMillis(10));
            assertThat(held.remaining()).isGreaterThan(LEASE.dividedBy(2));
        });
        held.close();
        assertThat(other.locks().lock("name").tryAcquire()).isPresent();
    }

    @Test
    void goesOnWithRenewalsAfterAnOutageThatEndedAnotherLease() {
        LockOptions shorter = OPTIONS.lease(Duration.ofSeconds(30));
        HeldLock ended = node.locks().lock("ended", shorter).acquire();
        HeldLock held = lock(OPTIONS.lease(Duration.ofMinutes(10))).acquire();
        clock.advance(Duration.ofSeconds(8));
        leases.down(true);
        for (int quarters = 0; quarters < 4 * 27; quarters++) {
            clock.advance(Duration.ofMillis(250));
            Eventually.letPass(Duration.ofMillis(20)); // for looks and renewals
        }
        leases.down(false);
        assertThat(ended.isValid()).isFalse();

        for (int renewals = 0; renewals < 3; renewals++) {
            clock.advance(Duration.ofSeconds(222));
            eventually(() -> assertThat(held.remaining()).isGreaterThan(Duration.ofSeconds(500)));
        }

        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
        ended.close();
        held.close();
    }

    @Test
    void tellsAndInterruptsTheHolderOfALockThatWasTaken() throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        CountDownLatch taken = new CountDownLatch(1);
        Future<Boolean> interrupted = threads.submit(() -> {
            HeldLock held = lock(OPTIONS.interruptOnLoss(true)).acquire();
            held.onLost(() -> told.set(true));
            leases.release(new Lease(
                    held.token().lease(), leases.owners.get(0), held.token().value()));
            taken.countDown();
            try {
                Thread.currentThread().join(TimeUnit.MINUTES.toMillis(1)); // until interrupted
                return false;
            } catch (InterruptedException expected) {
                return !held.isValid();
            }
        });
        assertThat(taken.await(30, TimeUnit.SECONDS)).isTrue();

        clock.advance(LEASE.dividedBy(2));

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        eventually(() -> assertThat(told).isTrue());
        assertThat(node.held()).isZero();
    }

    @Test
    void interruptsNobodyWhoGaveTheLockBack() {
        HeldLock held = lock(OPTIONS.interruptOnLoss(true)).acquire();
        AtomicBoolean told = new AtomicBoolean();
        held.onLost(() -> told.set(true));
        held.close();

        clock.advance(LEASE.multipliedBy(2));
        node.close();

        assertThat(Thread.interrupted()).isFalse();
        assertThat(told).isFalse();
    }

    @Test
    void recognisesALockWhoseAnswerWasLost() throws Exception {
        leases.loseAnswers(1);

        Future<HeldLock> held = threads.submit(() -> lock(OPTIONS).acquire());

        eventually(() -> {
            clock.advance(Duration.ofMillis(20));
            assertThat(held).isDone();
        });
        assertThat(held.get().isValid()).isTrue();
        assertThat(leases.owners).hasSize(2);
        assertThat(leases.owners.get(0)).isEqualTo(leases.owners.get(1));
    }

    @Test
    void givesBackALockWhoseAnswerWasLostForGood() {
        leases.loseAnswers(1);

        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(() -> lock(OPTIONS).tryAcquire());

        eventually(() -> {
            clock.advance(Duration.ofMillis(2));
            assertThat(other.locks().lock("name").tryAcquire()).isPresent();
        });
    }

    @Test
    void givesBackLaterWhatCannotBeGivenBackNow() {
        HeldLock held = lock(OPTIONS.lease(Duration.ofHours(1))).acquire();
        leases.down(true);

        held.close();

        assertThat(held.isValid()).isFalse();
        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(() -> lock(OPTIONS).tryAcquire());
        leases.down(false);
        eventually(() -> {
            clock.advance(Duration.ofMillis(20));
            assertThat(lock(OPTIONS).tryAcquire()).isPresent();
        });
    }

    @Test
    void isNotReentrantUnlessItIsSaidSo() {
        try (HeldLock held = lock(OPTIONS).acquire()) {
            assertThat(lock(OPTIONS).tryAcquire()).isEmpty();
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> lock(OPTIONS.waitTimeout(Duration.ZERO)).acquire())
                    .withMessageContaining("MECHA-K301")
                    .withMessageContaining("this very thread has it");
            assertThat(held.isValid()).isTrue();
        }
        LockOptions reentrant = OPTIONS.reentrant(true);
        HeldLock outer = lock(reentrant).acquire();
        HeldLock inner = lock(reentrant).acquire();
        assertThat(inner.token()).isEqualTo(outer.token());
        outer.close();
        assertThat(outer.isValid()).isFalse();
        assertThat(inner.isValid()).isTrue();
        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
        inner.close();
        assertThat(other.locks().lock("name").tryAcquire()).isPresent();
    }

    @Test
    void tellsWhoseLockItWaitedFor() {
        other.locks().lock("name", OPTIONS).acquire();

        assertThatExceptionOfType(LockNotAcquiredException.class)
                .isThrownBy(() -> lock(OPTIONS.waitTimeout(Duration.ZERO)).acquire())
                .withMessageContaining("another node has it, for another PT9S unless it is renewed");
    }

    @Test
    void servesTheThreadsOfANodeInOrder() throws Exception {
        HeldLock held = lock(OPTIONS).acquire();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            int before = leases.owners.size();
            AtomicBoolean waits = new AtomicBoolean();
            waiting.add(threads.submit(() -> {
                waits.set(true);
                HeldLock own = lock(OPTIONS).acquire();
                order.add(number);
                own.close();
            }));
            eventually(() -> assertThat(node.waiting("name")).isEqualTo(number + 1));
            assertThat(leases.owners).hasSize(before);
        }

        held.close();

        for (Future<?> each : waiting) {
            each.get(30, TimeUnit.SECONDS);
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void forgetsLocksThatNobodyHoldsOrWants() {
        IntStream.range(0, 100)
                .forEach(i -> node.locks().lock("name-" + i).acquire().close());
        HeldLock lost = lock(OPTIONS).acquire();
        clock.advance(LEASE.multipliedBy(2));
        eventually(() -> assertThat(node.names()).isZero());
        lost.close();
        assertThat(node.names()).isZero();
        assertThat(node.held()).isZero();
    }

    @Test
    void endsAWaitWhenTheThreadIsInterrupted() throws Exception {
        HeldLock held = lock(OPTIONS).acquire();
        AtomicBoolean still = new AtomicBoolean();
        Thread[] waiter = new Thread[1];
        Future<?> waiting = threads.submit(() -> {
            waiter[0] = Thread.currentThread();
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> lock(OPTIONS).acquire())
                    .withMessageContaining("MECHA-K302");
            still.set(Thread.currentThread().isInterrupted());
        });
        eventually(() -> assertThat(node.waiting("name")).isEqualTo(1));

        waiter[0].interrupt();

        waiting.get(30, TimeUnit.SECONDS);
        assertThat(still).isTrue();
        assertThat(node.waiting("name")).isZero();
        held.close();
        assertThat(lock(OPTIONS).tryAcquire()).isPresent();
    }

    @Test
    void sendsAwayThoseWhoWaitWhenItIsClosed() throws Exception {
        HeldLock held = lock(OPTIONS).acquire();
        Future<?> waiting = threads.submit(() -> assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> lock(OPTIONS).acquire())
                .withMessageContaining("MECHA-K204"));
        eventually(() -> assertThat(node.waiting("name")).isEqualTo(1));

        node.close();

        waiting.get(30, TimeUnit.SECONDS);
        assertThat(held.isValid()).isFalse();
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> lock(OPTIONS).tryAcquire());
    }

    @Test
    void keepsOthersAwayForAMinimum() {
        HeldLock held = lock(OPTIONS.atLeast(Duration.ofSeconds(5))).acquire();
        clock.advance(Duration.ofSeconds(2));

        held.close();

        assertThat(held.isValid()).isFalse();
        clock.advance(Duration.ofMillis(2_900));
        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
        clock.advance(Duration.ofMillis(101));
        assertThat(other.locks().lock("name").tryAcquire()).isPresent();
    }

    @Test
    void keepsOthersAwayForAMinimumThoughItsOwnDeadlineHasPassed() {
        HeldLock held = lock(OPTIONS.atLeast(LEASE).renew(false)).acquire();
        clock.advance(LEASE.minusMillis(50)); // the deadline here is one percent earlier than that of the backend
        assertThat(held.isValid()).isFalse();
        held.close();
        eventually(() -> assertThat(leases.renewals).hasValue(1));
        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
        clock.advance(Duration.ofMillis(51));
        assertThat(other.locks().lock("name").tryAcquire()).isPresent();
    }

    @Test
    void lastsLongerWhenItIsExtended() {
        HeldLock held = lock(OPTIONS.renew(false)).acquire();
        held.extend(Duration.ofMinutes(1));
        held.extend(Duration.ofSeconds(1));

        clock.advance(Duration.ofSeconds(59));

        assertThat(held.isValid()).isTrue();
        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
        clock.advance(Duration.ofSeconds(3));
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> held.extend(LEASE));
        assertThat(other.locks().lock("name").tryAcquire()).isPresent();
    }

    @Test
    void isNotMadeShorterByRenewalsAfterAnExtension() {
        HeldLock held = lock(OPTIONS).acquire();
        held.extend(Duration.ofHours(1));

        live(held, LEASE);

        clock.advance(Duration.ofMinutes(50));
        assertThat(held.isValid()).isTrue();
        assertThat(other.locks().lock("name").tryAcquire()).isEmpty();
    }

    @Test
    void guardsNothingWhereThereAreNoTransactions() {
        HeldLock held = lock(OPTIONS).acquire();

        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(held::guard)
                .withMessageContaining("MECHA-K203")
                .withMessageContaining("a store of type 'memory' takes part in no transactions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\nb", "\ud83d", "\ude00\ud83d"})
    void refusesNamesThatBreakTheRules(String name) {
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> node.locks().lock(name))
                .withMessageContaining("MECHA-K201");
    }

    @Test
    void refusesTimesOutOfBounds() {
        assertThat(node.locks().lock("ö".repeat(512)).tryAcquire()).isPresent();
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> node.locks().lock("ö".repeat(513)));
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> OPTIONS.lease(Duration.ofMillis(999)))
                .withMessageContaining("MECHA-K202: The lease of a lock or leader is PT0.999S.");
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> lock(OPTIONS.atLeast(LEASE.plusNanos(1))))
                .withMessageContaining("no more than the lease of PT9S");
    }

    @Test
    void waitsForAnyTime() {
        Duration ages = Duration.ofDays(200_000);

        assertThat(lock(OPTIONS).tryAcquire(ages)).isPresent();
        assertThat(other.locks().lock("name").tryAcquire(ages.negated())).isEmpty();
    }

    @Test
    void keepsNamesApartFromEachOther() {
        int acquired = 0;
        for (String name : List.of("Aa", "BB", "a", "A", "a ", "ä")) { // the first two have the same hash
            assertThat(node.locks().lock(name).tryAcquire()).isPresent();
            acquired++;
        }

        assertThat(node.held()).isEqualTo(acquired);
        assertThat(leases.backend.capabilities().types()).isNotEmpty();
        assertThat(leases.acquire("shop||lock||Aa", "somebody", LEASE)).isInstanceOf(LeaseResult.Held.class);
    }
}
