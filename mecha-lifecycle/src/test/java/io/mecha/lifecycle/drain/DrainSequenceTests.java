// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.lifecycle.Drain;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainSequenceTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BUDGET = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<DrainParticipant> participants = new ArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void release() {
        go.countDown();
    }

    /** A participant whose unfinished work is what was added to the list. */
    private List<String> take(DrainPhase phase, DrainHook.Call part) {
        List<String> left = new CopyOnWriteArrayList<>();
        participants.add(new DrainParticipant() {
            @Override
            public String name() {
                return phase.name();
            }

            @Override
            public DrainPhase phase() {
                return phase;
            }

            @Override
            public void drain(Drain drain) throws Exception {
                events.add(phase.name());
                part.run(drain);
            }

            @Override
            public List<String> unfinished() {
                return left;
            }
        });
        return left;
    }

    private void hang() {
        try {
            go.await();
        } catch (InterruptedException interrupted) {
            events.add("interrupted");
        }
    }

    private void deaf() {
        while (go.getCount() > 0) {
            try {
                go.await();
            } catch (InterruptedException ignored) {
                events.add("interrupted");
            }
        }
    }

    private DrainSequence sequence() {
        return new DrainSequence(() -> participants, BUDGET, ElapsedTime.of(clock));
    }

    private static CompletableFuture<DrainReport> begin(DrainSequence sequence, Duration delay) {
        return CompletableFuture.supplyAsync(() -> sequence.run(delay), task -> new Thread(task).start())
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void awaitStatus(DrainSequence sequence, DrainStatus status) {
        eventually(PATIENCE, () -> assertThat(sequence.report().status()).isEqualTo(status));
    }

    /** Moves time until the drain is over. */
    private DrainReport end(CompletableFuture<DrainReport> drain) {
        eventually(PATIENCE, () -> {
            clock.advance(Duration.ofSeconds(1));
            assertThat(drain).isDone();
        });
        return drain.join();
    }

    @Test
    void goesThroughAllPhasesInOrder() {
        List<DrainPhase> phases = new ArrayList<>(List.of(DrainPhase.values()));
        Collections.reverse(phases);
        phases.forEach(phase -> take(phase, drain -> {}));

        DrainReport report = sequence().run(Duration.ZERO);

        assertThat(events).containsExactly("READINESS", "INTAKE", "IN_FLIGHT", "LEADERSHIP", "WEB", "FLUSH");
        assertThat(report.unfinished()).isEmpty();
        assertThat(report.status()).isEqualTo(DrainStatus.DRAINED);
    }

    @Test
    void takesNothingAwayBeforeTheDelayIsOver() {
        take(DrainPhase.READINESS, drain -> {});
        take(DrainPhase.INTAKE, drain -> {});
        DrainSequence sequence = sequence();
        assertThat(sequence.isDraining()).isFalse();

        CompletableFuture<DrainReport> drain = begin(sequence, Duration.ofSeconds(5));
        awaitStatus(sequence, DrainStatus.DELAY);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(sequence.report().status()).isEqualTo(DrainStatus.DELAY);
        assertThat(sequence.isDraining()).isTrue();
        assertThat(events).containsExactly("READINESS");
        clock.advance(Duration.ofMillis(1));

        assertThat(drain.join().spent()).isEqualTo(Duration.ofSeconds(5));
        assertThat(events).containsExactly("READINESS", "INTAKE");
    }

    @Test
    void endsByForceWithinTheBudgetAndSaysWhatItCut() {
        take(DrainPhase.IN_FLIGHT, drain -> hang()).add("2 handlers");
        take(DrainPhase.LEADERSHIP, drain -> {});
        take(DrainPhase.WEB, drain -> hang());
        take(DrainPhase.FLUSH, drain -> events.add("left " + !drain.remaining().isZero()));
        DrainSequence sequence = sequence();

        CompletableFuture<DrainReport> drain = begin(sequence, Duration.ZERO);
        awaitStatus(sequence, DrainStatus.IN_FLIGHT);
        assertThat(sequence.report().unfinished()).containsExactly("IN_FLIGHT: 2 handlers");
        clock.advance(Duration.ofMillis(23_999));
        assertThat(sequence.report().status()).isEqualTo(DrainStatus.IN_FLIGHT);
        clock.advance(Duration.ofMillis(1));
        awaitStatus(sequence, DrainStatus.WEB);
        clock.advance(Duration.ofMillis(4_500));

        DrainReport report = drain.join();
        assertThat(report.spent()).isEqualTo(Duration.ofMillis(28_500));
        assertThat(report.unfinished()).containsExactly("IN_FLIGHT: 2 handlers", "WEB: not finished after PT4.5S");
        assertThat(events).contains("LEADERSHIP", "interrupted", "left true");
    }

    @Test
    void callsEveryPhaseThoughNoTimeIsLeft() {
        for (DrainPhase phase : DrainPhase.values()) {
            take(phase, drain -> deaf());
        }

        DrainReport report = end(begin(sequence(), BUDGET));

        assertThat(report.unfinished()).hasSize(6);
        eventually(
                PATIENCE,
                () -> assertThat(events).contains("READINESS", "INTAKE", "IN_FLIGHT", "LEADERSHIP", "WEB", "FLUSH"));
    }

    @Test
    void goesOnWhenAParticipantThrows() {
        take(DrainPhase.INTAKE, drain -> {
            throw new IllegalStateException("broken");
        });
        take(DrainPhase.IN_FLIGHT, drain -> {
            throw new AssertionError("worse");
        });
        take(DrainPhase.FLUSH, drain -> {});

        DrainReport report = sequence().run(Duration.ZERO);

        assertThat(events).contains("FLUSH");
        assertThat(report.unfinished())
                .containsExactly(
                        "INTAKE: failed with java.lang.IllegalStateException: broken",
                        "IN_FLIGHT: failed with java.lang.AssertionError: worse");
    }

    @Test
    void endsThoughItIsUnknownWhatTakesPart() {
        DrainSequence sequence = new DrainSequence(
                () -> {
                    throw new IllegalStateException("broken");
                },
                BUDGET,
                ElapsedTime.of(clock));

        DrainReport report = sequence.run(Duration.ZERO);

        assertThat(report.status()).isEqualTo(DrainStatus.DRAINED);
        assertThat(report.unfinished()).isEmpty();
    }

    @Test
    void drainsOnceHoweverManyCall() {
        take(DrainPhase.INTAKE, drain -> hang());
        DrainSequence sequence = sequence();

        CompletableFuture<DrainReport> first = begin(sequence, Duration.ZERO);
        awaitStatus(sequence, DrainStatus.INTAKE);
        CompletableFuture<DrainReport> second = begin(sequence, Duration.ZERO);
        assertThat(second).isNotDone();
        go.countDown();

        assertThat(first.join()).isSameAs(second.join());
        assertThat(events).containsExactly("INTAKE");
        assertThat(sequence.run(Duration.ofHours(1))).isSameAs(first.join());
    }

    @Test
    void runsTheParticipantsOfAPhaseAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        for (int count = 0; count < 2; count++) {
            take(DrainPhase.IN_FLIGHT, drain -> {
                both.countDown();
                both.await();
            });
        }

        assertThat(sequence().run(Duration.ZERO).unfinished()).isEmpty();
    }

    @Test
    void callsHooksInOrderAndLeavesBehindWhatHangsOrThrows() {
        DrainHooks hooks = new DrainHooks(DrainPhase.IN_FLIGHT, ElapsedTime.of(clock));
        hooks.add(new DrainHook("last", 2, BUDGET, drain -> events.add("last")));
        hooks.add(new DrainHook("first", -1, BUDGET, drain -> {
            events.add("first");
            throw new IllegalStateException("broken");
        }));
        hooks.add(new DrainHook("second", 1, Duration.ofSeconds(3), drain -> {
            events.add("second " + drain.remaining());
            drain.unfinished("12 uploads");
            hang();
        }));
        participants.add(hooks);
        DrainSequence sequence = sequence();

        CompletableFuture<DrainReport> drain = begin(sequence, Duration.ZERO);
        eventually(PATIENCE, () -> assertThat(events).contains("second PT3S"));
        eventually(
                PATIENCE,
                () -> assertThat(sequence.report().unfinished())
                        .contains("@OnDrain: second runs, unfinished: 12 uploads"));
        clock.advance(Duration.ofSeconds(3));

        assertThat(drain.join().unfinished())
                .containsExactly(
                        "@OnDrain: first failed with java.lang.IllegalStateException: broken",
                        "@OnDrain: second did not return within PT3S, unfinished: 12 uploads");
        assertThat(events).containsSubsequence("first", "second PT3S", "last");
    }

    @Test
    void saysWhichHooksItCouldNotCall() {
        DrainHooks hooks = new DrainHooks(DrainPhase.IN_FLIGHT, ElapsedTime.of(clock));
        hooks.add(new DrainHook("slow", 0, BUDGET, drain -> hang()));
        hooks.add(new DrainHook("late", 1, BUDGET, drain -> events.add("late")));
        participants.add(hooks);

        List<String> cut = new ArrayList<>(end(begin(sequence(), Duration.ZERO)).unfinished());
        eventually(PATIENCE, () -> assertThat(hooks.unfinished()).contains("late was not called: no time was left"));

        assertThat(cut).anyMatch(work -> work.startsWith("@OnDrain: slow"));
        assertThat(events).doesNotContain("late");
    }
}
