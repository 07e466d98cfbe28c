// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.coordination.Candidacy;
import io.mecha.coordination.Candidacy.State;
import io.mecha.coordination.CurrentLease;
import io.mecha.coordination.ElectionOptions;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.StepDownReason;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.test.Eventually;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElectionsTests {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final ElectionOptions OPTIONS =
            ElectionOptions.defaults().lease(LEASE).margin(Duration.ofSeconds(2));

    private final TestClock clock = new TestClock();
    private final ScriptedLeases leases = new ScriptedLeases(clock);
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Coordination node = open();
    private final Coordination other = open();

    private Coordination open() {
        return Coordination.builder(leases.store())
                .clock(clock)
                .observer(new LeadershipObserver() {

                    @Override
                    public void elected(Candidacy candidacy, FencingToken token) {
                        events.add("elected");
                    }

                    @Override
                    public void steppingDown(Candidacy candidacy, FencingToken token, StepDownReason reason) {
                        events.add("stepping down: " + reason);
                    }

                    @Override
                    public void steppedDown(Candidacy candidacy, FencingToken token, boolean inTime) {
                        events.add(inTime ? "stepped down" : "overrun");
                        throw new IllegalStateException("of an observer");
                    }
                })
                .build();
    }

    @AfterEach
    void close() {
        leases.down(false);
        node.close(Duration.ofSeconds(5));
        other.close(Duration.ofSeconds(5));
    }

    private static void eventually(Runnable assertions) {
        Eventually.eventually(Duration.ofSeconds(30), assertions);
    }

    private void passing(Runnable assertions) {
        eventually(() -> {
            clock.advance(Duration.ofMillis(50));
            assertions.run();
        });
    }

    /** A leader that notes what it is told. */
    private static class Notes implements LeaderListener {

        final List<String> told = new CopyOnWriteArrayList<>();
        final List<Leadership> terms = new CopyOnWriteArrayList<>();
        final CountDownLatch begun = new CountDownLatch(1);

        @Override
        public void onElected(Leadership leadership) {
            terms.add(leadership);
            told.add("elected");
            begun.countDown();
        }

        @Override
        public void onStepDown(Leadership leadership, StepDownReason reason) {
            told.add(reason + " " + leadership.isValid());
        }
    }

    private Candidacy leader(LeaderListener listener) {
        Candidacy leader = node.elections().join("name", listener, OPTIONS);
        eventually(() -> assertThat(leader.isLeader()).isTrue());
        if (listener instanceof Notes notes) {
            eventually(() -> assertThat(notes.begun.getCount()).isZero());
        }
        return leader;
    }

    @Test
    void electsOneAndAnotherWhenThatLeaves() {
        Notes first = new Notes();
        Notes second = new Notes();
        Candidacy leader = leader(first);
        Candidacy follower = other.elections().join("name", second, OPTIONS);
        eventually(() -> assertThat(first.told).containsExactly("elected"));
        assertThat(leader.state()).isEqualTo(State.LEADING);
        assertThat(follower.state()).isEqualTo(State.STANDING);
        assertThat(node.elections().candidacies()).containsExactly(leader);

        leader.close();

        assertThat(leader.state()).isEqualTo(State.CLOSED);
        assertThat(node.elections().candidacies()).isEmpty();
        assertThat(first.told).containsExactly("elected", "WITHDRAWN true");
        passing(() -> assertThat(follower.isLeader()).isTrue());
        eventually(() -> assertThat(second.terms).hasSize(1));
        assertThat(second.terms.get(0).token().value())
                .isGreaterThan(first.terms.get(0).token().value());
        assertThat(first.terms.get(0).isValid()).isFalse();
    }

    @Test
    void letsAnotherLeadWhenItYieldsAndStandsAgain() {
        Candidacy leader = leader(new Notes());
        Candidacy follower = other.elections().join("name", new Notes(), OPTIONS);
        eventually(() -> assertThat(leases.owners).hasSizeGreaterThan(1));

        leader.yieldLeadership();

        assertThat(leader.state()).isEqualTo(State.STANDING);
        passing(() -> assertThat(follower.isLeader()).isTrue());
        assertThat(leader.isLeader()).isFalse();
        follower.close();
        passing(() -> assertThat(leader.isLeader()).isTrue());
    }

    @Test
    void interruptsTheWorkAndWaitsForItBeforeItHandsOver() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Candidacy leader = leader(new Notes() {

            @Override
            public void onElected(Leadership leadership) {
                begun.countDown();
                boolean ended = false;
                while (!ended) {
                    try {
                        mayEnd.await();
                        ended = true;
                    } catch (InterruptedException told) {
                        interrupted.set(true);
                    }
                }
            }
        });

        assertThat(leader.close(Duration.ofMillis(50))).isFalse();

        eventually(() -> assertThat(interrupted).isTrue());
        for (int i = 0; i < 10; i++) { // longer than a lease, which is renewed
            clock.advance(LEASE.dividedBy(5));
            int before = leases.renewals.get();
            if (i % 2 == 1) {
                eventually(() -> assertThat(leases.renewals.get()).isGreaterThanOrEqualTo(before));
                eventually(() -> assertThat(node.remaining()).isGreaterThan(LEASE.dividedBy(2)));
            }
        }
        assertThat(leader.state()).isEqualTo(State.STEPPING_DOWN);
        assertThat(leader.isLeader()).isFalse();
        mayEnd.countDown();
        eventually(() -> assertThat(leader.state()).isEqualTo(State.CLOSED));
        eventually(() -> assertThat(node.held()).isZero());
        assertThat(leader.close(Duration.ofSeconds(30))).isTrue();
        assertThat(events).containsExactly("elected", "stepping down: WITHDRAWN", "stepped down");
    }

    @Test
    void stepsDownBeforeTheDeadlineWhenTheBackendIsGone() {
        Notes notes = new Notes();
        Candidacy leader = leader(notes);
        leases.down(true);

        clock.advance(Duration.ofSeconds(8));

        eventually(() -> assertThat(notes.told).containsExactly("elected", "UNREACHABLE true"));
        eventually(() -> assertThat(events).endsWith("stepped down"));
        assertThat(leader.isLeader()).isFalse();
        leases.down(false);
        passing(() -> assertThat(leader.isLeader()).isTrue());
    }

    @Test
    void interruptsAndReportsWorkThatGoesOnAfterTheDeadline() {
        CountDownLatch interrupts = new CountDownLatch(1);
        Candidacy leader = leader(new Notes() {

            @Override
            public void onStepDown(Leadership leadership, StepDownReason reason) {
                super.onStepDown(leadership, reason);
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException expected) {
                    interrupts.countDown();
                }
            }
        });
        leases.down(true);
        clock.advance(Duration.ofSeconds(8));
        eventually(() -> assertThat(leader.state()).isEqualTo(State.STEPPING_DOWN));
        assertThat(interrupts.getCount()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(2));

        eventually(() -> assertThat(interrupts.getCount()).isZero());
        eventually(() -> assertThat(events).containsExactly("elected", "stepping down: UNREACHABLE", "overrun"));
    }

    @Test
    void knowsAfterAPauseThatItLeadsNoMore() {
        Notes notes = new Notes();
        Candidacy leader = leader(notes);

        clock.advance(LEASE);

        assertThat(leader.isLeader()).isFalse();
        assertThat(notes.terms.get(0).isValid()).isFalse();
        eventually(() -> assertThat(notes.told).contains("LOST false"));
    }

    @Test
    void stepsDownAtOnceWhenAnotherNodeTookOver() {
        Notes notes = new Notes();
        Candidacy leader = leader(notes);
        eventually(() -> assertThat(notes.terms).hasSize(1));
        FencingToken token = notes.terms.get(0).token();
        boolean unused = leases.release(new Lease(token.lease(), leases.owners.get(0), token.value()));

        clock.advance(LEASE.dividedBy(2));

        eventually(() -> assertThat(notes.told).contains("LOST false"));
        passing(() -> assertThat(leader.isLeader()).isTrue());
    }

    @Test
    void failsOverSoonAfterTheLeaseOfALeaderThatDied() {
        leader(new Notes());
        Candidacy follower = other.elections().join("name", new Notes(), OPTIONS);
        eventually(() -> assertThat(leases.owners).hasSizeGreaterThan(1));
        AtomicInteger steps = new AtomicInteger();
        node.keeper().freeze();

        eventually(() -> {
            clock.advance(Duration.ofMillis(20));
            steps.incrementAndGet();
            Eventually.letPass(Duration.ofMillis(2));
            assertThat(follower.isLeader()).isTrue();
        });

        assertThat(Duration.ofMillis(20).multipliedBy(steps.get())).isLessThan(LEASE.plusSeconds(5));
    }

    @Test
    void goesOnWhateverAListenerThrows() {
        Candidacy leader = leader(new LeaderListener() {

            @Override
            public void onElected(Leadership leadership) {
                throw new IllegalStateException("of a listener");
            }

            @Override
            public void onStepDown(Leadership leadership, StepDownReason reason) {
                throw new AssertionError("of a listener");
            }
        });

        leader.close();

        assertThat(leader.state()).isEqualTo(State.CLOSED);
        assertThat(node.held()).isZero();
    }

    @Test
    void withdrawsAllAndLetsOthersJoinLater() {
        Candidacy leader = leader(new Notes());
        Candidacy follower = node.elections().join("name", new Notes(), OPTIONS);

        assertThat(node.elections().withdraw(Duration.ofSeconds(30))).isTrue();

        assertThat(leader.state()).isEqualTo(State.CLOSED);
        assertThat(follower.state()).isEqualTo(State.CLOSED);
        assertThat(node.elections().candidacies()).isEmpty();
        Candidacy later = node.elections().join("name", new Notes(), OPTIONS);
        passing(() -> assertThat(later.isLeader()).isTrue());
    }

    @Test
    void givesBackWhatMayHaveBeenGrantedWhenItLeaves() {
        leases.loseAnswers(1);
        Candidacy candidacy = node.elections().join("name", new Notes(), OPTIONS);
        eventually(() -> assertThat(leases.owners).hasSize(1));
        Eventually.letPass(Duration.ofMillis(50)); // so that the answer is missed, most likely
        Instant before = clock.instant();

        candidacy.close();

        eventually(() -> {
            clock.advance(Duration.ofMillis(2));
            assertThat(leases.acquire("shop||leader||name", "somebody", LEASE)).isInstanceOf(Granted.class);
        });
        assertThat(Duration.between(before, clock.instant())).isLessThan(LEASE.dividedBy(2));
    }

    @Test
    void closesFromWithinItsOwnWork() {
        AtomicBoolean waited = new AtomicBoolean(true);
        Candidacy[] self = new Candidacy[1];
        CountDownLatch joined = new CountDownLatch(1);
        self[0] = node.elections()
                .join(
                        "name",
                        new Notes() {

                            @Override
                            public void onElected(Leadership leadership) {
                                try {
                                    joined.await();
                                } catch (InterruptedException early) {
                                    throw new IllegalStateException(early);
                                }
                                waited.set(self[0].close(Duration.ofSeconds(30)));
                            }
                        },
                        OPTIONS);
        joined.countDown();

        eventually(() -> assertThat(self[0].state()).isEqualTo(State.CLOSED));
        assertThat(waited).isFalse();
    }

    @Test
    void closesUnderItsOwnLeadership() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Candidacy leader = leader(new Notes() {

            @Override
            public void onStepDown(Leadership leadership, StepDownReason reason) {
                try {
                    mayEnd.await();
                } catch (InterruptedException early) {
                    throw new IllegalStateException(early);
                }
            }
        });
        Leadership term = leader.leadership().orElseThrow();

        Boolean waited = CurrentLease.call(term, () -> leader.close(Duration.ofSeconds(30)));

        assertThat(waited).isFalse();
        assertThat(leader.state()).isEqualTo(State.STEPPING_DOWN);
        mayEnd.countDown();
        eventually(() -> assertThat(leader.state()).isEqualTo(State.CLOSED));
    }

    @Test
    void standsAgainWhenAnObserverYields() {
        AtomicInteger elections = new AtomicInteger();
        LeadershipObserver yielding = new LeadershipObserver() {

            @Override
            public void elected(Candidacy candidacy, FencingToken token) {
                elections.incrementAndGet();
                candidacy.yieldLeadership();
            }

            @Override
            public void steppingDown(Candidacy candidacy, FencingToken token, StepDownReason reason) {
                candidacy.yieldLeadership();
            }

            @Override
            public void steppedDown(Candidacy candidacy, FencingToken token, boolean inTime) {
                candidacy.yieldLeadership();
            }
        };
        try (Coordination third = Coordination.builder(leases.store())
                .clock(clock)
                .observer(yielding)
                .build()) {
            Candidacy candidacy = third.elections().join("name", new Notes(), OPTIONS);

            passing(() -> assertThat(elections).hasValueGreaterThan(2));

            candidacy.close();
            eventually(() -> assertThat(candidacy.state()).isEqualTo(State.CLOSED));
        }
    }

    @Test
    void leavesTheLeaseOfWorkThatDoesNotEnd() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        leader(new Notes() {

            @Override
            public void onStepDown(Leadership leadership, StepDownReason reason) {
                while (mayEnd.getCount() > 0) {
                    try {
                        mayEnd.await();
                    } catch (InterruptedException ignored) {
                        told.add("interrupted");
                    }
                }
            }
        });

        node.close(Duration.ofMillis(50));

        Candidacy follower = other.elections().join("name", new Notes(), OPTIONS);
        eventually(() -> assertThat(leases.owners).hasSizeGreaterThan(1));
        assertThat(follower.isLeader()).isFalse();
        mayEnd.countDown();
        passing(() -> assertThat(follower.isLeader()).isTrue());
    }

    @Test
    void refusesWhatIsOutOfBounds() {
        node.close();

        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> node.elections().join("name", new Notes()))
                .withMessageContaining("MECHA-K204");
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> other.elections().join(" ", new Notes()))
                .withMessageContaining("A leader was asked for by a name that is blank");
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> OPTIONS.lease(Duration.ofMillis(999)));
        assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                .isThrownBy(() -> OPTIONS.margin(Duration.ofSeconds(6)))
                .withMessageContaining("at most half of the lease of PT10S");
    }
}
