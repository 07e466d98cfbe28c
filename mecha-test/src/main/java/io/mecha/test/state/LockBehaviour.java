// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static io.mecha.test.state.ConcurrencyBehaviour.callers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.coordination.HeldLock;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LeaseLostException;
import io.mecha.coordination.LockNotAcquiredException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

abstract class LockBehaviour extends CoordinationGroup {

    private static final int MANY = 1_000;
    private static final int WRITES = 300;
    private static final Duration PATIENT = Duration.ofSeconds(60);

    LockBehaviour(StateBackendContract contract) {
        super(contract);
    }

    private HeldLock acquired(String name) {
        return first().locks().lock(name, LASTING).tryAcquire().orElseThrow();
    }

    private Optional<HeldLock> secondTries() {
        return second().locks().lock("name", LASTING).tryAcquire();
    }

    /** Make a call that may still fail in the moments after an outage. */
    private static void working(Runnable call) {
        try {
            call.run();
        } catch (StateUnavailableException notYet) {
            throw new AssertionError(notYet);
        }
    }

    @Test
    void givesALockToOneNodeAtATime() {
        HeldLock held = acquired("name");

        assertThat(secondTries()).isEmpty();
        assertThat(second().locks().lock("other", LASTING).tryAcquire()).isPresent();
        held.close();

        assertThat(held.isValid()).isFalse();
        assertThat(secondTries())
                .hasValueSatisfying(next -> assertThat(next.token().value())
                        .isGreaterThan(held.token().value()));
    }

    @Test
    void tellsForHowLongSomebodyHasIt() {
        acquired("name");

        assertThatExceptionOfType(LockNotAcquiredException.class)
                .isThrownBy(() -> whilePassing(() -> second().locks()
                        .lock("name", LASTING.waitTimeout(Duration.ofMillis(50)))
                        .acquire()))
                .withMessageContaining("MECHA-K301")
                .withMessageContaining("another node has it, for another PT59M");
    }

    @Test
    void waitsUntilItIsGivenBack() throws Exception {
        HeldLock held = acquired("name");
        AtomicBoolean given = new AtomicBoolean();
        Thread holder = new Thread(() -> {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            given.set(true);
            held.close();
        });
        holder.start();

        Optional<HeldLock> next =
                whilePassing(() -> second().locks().lock("name", LASTING).tryAcquire(PATIENT));

        assertThat(given).isTrue();
        assertThat(next).isPresent();
    }

    @Test
    void keepsWhatItHolds() {
        HeldLock held = first().locks().lock("name", OPTIONS).tryAcquire().orElseThrow();

        live(held, LEASE.plus(LEASE.dividedBy(4)));

        held.assertValid();
        assertThat(secondTries()).isEmpty();
    }

    @Test
    void letsAHolderThatWasPausedKnowAndWriteNothing() {
        capability(Transactions.class);
        HeldLock paused = first().locks()
                .lock("name", OPTIONS.lease(Duration.ofSeconds(1)).renew(false))
                .tryAcquire()
                .orElseThrow();
        assertThat(guarded(paused.token(), "key", "first").committed()).isTrue();

        advance(Duration.ofMillis(1_001));

        assertThat(paused.isValid()).isFalse();
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(paused::assertValid);
        HeldLock next = secondTries().orElseThrow();
        assertThat(guarded(paused.token(), "key", "late"))
                .isEqualTo(new Fenced(
                        paused.token().lease(),
                        paused.token().value(),
                        next.token().value()));
        assertThat(guarded(next.token(), "key", "second").committed()).isTrue();
        assertThat(text("key")).isEqualTo("second");
        paused.close();
        assertThat(next.isValid()).isTrue();
    }

    @Test
    void givesALockToOneOfManyThreadsOnAllNodes() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Callable<List<Long>>> tasks = new ArrayList<>(callers(4, caller -> {
            CoordinationNode node = caller % 2 == 0 ? first() : second();
            List<Long> tokens = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                HeldLock held =
                        node.locks().lock("name", LASTING).tryAcquire(PATIENT).orElseThrow();
                assertThat(inside.incrementAndGet()).as("holders at a time").isEqualTo(1);
                tokens.add(held.token().value());
                held.assertValid();
                inside.decrementAndGet();
                held.close();
            }
            done.incrementAndGet();
            return tokens;
        }));
        tasks.add(() -> {
            while (done.get() < 4) {
                advance(Duration.ofMillis(1));
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            return List.of();
        });

        List<List<Long>> tokens = Together.run(tasks);

        assertThat(tokens).allSatisfy(mine -> assertThat(mine).isSorted());
        assertThat(tokens.stream().flatMap(List::stream)).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void holdsAThousandWithoutAThreadForEach() {
        List<HeldLock> held = new ArrayList<>();
        int threads = Thread.activeCount();
        for (int i = 0; i < MANY; i++) {
            held.add(acquired("name-" + i));
        }

        assertThat(Thread.activeCount()).isLessThan(threads + 30);
        assertThat(held).allMatch(HeldLock::isValid);
        assertThat(held.stream().map(HeldLock::token)).doesNotHaveDuplicates();
        assertThat(second().locks().lock("name-999", LASTING).tryAcquire()).isEmpty();
        held.get(MANY - 1).close();
        assertThat(second().locks().lock("name-999", LASTING).tryAcquire()).isPresent();
        first().end().run();

        // The holder of one may still work: it ends with its lease.
        assertThat(held).noneMatch(HeldLock::isValid);
        assertThat(second().locks().lock("name-0", LASTING).tryAcquire()).isEmpty();
    }

    @Test
    void lastsAsLongWhateverIsDoneToTheClock() {
        HeldLock held = acquired("name");

        setClock(Duration.ofHours(2));
        assertThat(held.isValid()).isTrue();
        assertThat(secondTries()).isEmpty();
        setClock(Duration.ofHours(-4));
        assertThat(held.isValid()).isTrue();
        held.close();

        assertThat(secondTries())
                .hasValueSatisfying(next -> assertThat(next.token().value())
                        .isGreaterThan(held.token().value()));
    }

    @Test
    void keepsOthersAwayForAMinimum() {
        HeldLock held = first().locks()
                .lock("name", LASTING.atLeast(Duration.ofMillis(800)))
                .tryAcquire()
                .orElseThrow();

        held.close();

        assertThat(held.isValid()).isFalse();
        assertThat(secondTries()).isEmpty();
        advance(Duration.ofMillis(801));
        assertThat(secondTries()).isPresent();
    }

    @Test
    void lastsLongerWhenItIsExtended() {
        HeldLock held = first().locks()
                .lock("name", OPTIONS.lease(Duration.ofSeconds(1)).renew(false))
                .tryAcquire()
                .orElseThrow();

        held.extend(LONG);
        advance(Duration.ofMillis(1_100));

        assertThat(held.isValid()).isTrue();
        assertThat(secondTries()).isEmpty();
    }

    @Test
    void guardsWritesWhileItIsRenewed() throws Exception {
        capability(Transactions.class);
        HeldLock held = acquired("name");
        AtomicInteger written = new AtomicInteger();

        List<Integer> counts = Together.run(List.of(
                () -> {
                    while (written.get() < WRITES) {
                        assertThat(guarded(held.token(), "key", "value").committed())
                                .isTrue();
                        written.incrementAndGet();
                    }
                    return WRITES;
                },
                () -> {
                    int renewals = 0;
                    do {
                        held.extend(LONG.plusSeconds(renewals));
                        renewals++;
                        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                    } while (written.get() < WRITES);
                    return renewals;
                }));

        assertThat(counts.get(1)).isPositive();
    }

    @Test
    void guardsNoTransactionThatIsNotThere() {
        HeldLock held = acquired("name");

        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(held::guard)
                .withMessageContaining("MECHA-K203");
    }

    @Test
    void losesNothingToAnOutageThatIsShorterThanTheLease() {
        outage();
        HeldLock held = acquired("name");
        outage().cut();

        assertThatExceptionOfType(StateUnavailableException.class).isThrownBy(() -> held.extend(LONG.multipliedBy(2)));

        assertThat(held.isValid()).isTrue();
        outage().restore();
        passing(() -> working(() -> held.extend(LONG.multipliedBy(2))));
        assertThat(held.remaining()).isGreaterThan(LONG);
        assertThat(secondTries()).isEmpty();
    }

    @Test
    void losesAllToALongOutageAndGoesOnAfterwards() {
        outage();
        HeldLock held = first().locks().lock("name", OPTIONS).tryAcquire().orElseThrow();
        AtomicBoolean told = new AtomicBoolean();
        held.onLost(() -> told.set(true));
        outage().cut();

        passing(() -> assertThat(told).isTrue());

        assertThat(held.isValid()).isFalse();
        outage().restore();
        passing(() -> working(() -> assertThat(secondTries()).isPresent()));
        held.close();
        passing(() -> working(() -> assertThat(acquired("other").isValid()).isTrue()));
    }

    @Test
    void givesBackWhatItMayHaveBeenGranted() {
        outage();
        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(() -> outage().cutDuring(() -> acquired("name")));

        outage().restore();

        passing(() -> working(() -> assertThat(secondTries()).isPresent()));
    }

    @Test
    void givesBackLaterWhatItCannotGiveBackNow() {
        outage();
        HeldLock held = acquired("name");
        outage().cut();

        held.close();

        assertThat(held.isValid()).isFalse();
        outage().restore();
        passing(() -> working(() -> assertThat(secondTries()).isPresent()));
    }

    @Test
    void waitsThroughAnOutage() throws Exception {
        outage().cut();
        Thread mender = new Thread(() -> {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            outage().restore();
        });
        mender.start();

        Optional<HeldLock> held =
                whilePassing(() -> first().locks().lock("name", LASTING).tryAcquire(PATIENT));

        mender.join();
        assertThat(held).hasValueSatisfying(HeldLock::assertValid);
    }
}
