// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.RetryPolicy;
import io.mecha.lifecycle.start.StartRecord.Outcome;
import io.mecha.lifecycle.start.StartStep.Kind;
import io.mecha.lifecycle.start.StartStep.OnFailure;
import io.mecha.test.Eventually;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StartSequenceTests {

    private static final RetryPolicy FAST =
            new RetryPolicy(3, Duration.ofMillis(1), null, Duration.ofMillis(2), null, null);

    private final StartGate gate = new StartGate();
    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void runsEachStepAfterThoseItNamesAndOpensTheGate() {
        StartSequence sequence = sequence(step("a", "c"), step("b", "a"), step("c"), connection("store"));
        List<String> opened = new CopyOnWriteArrayList<>();
        gate.whenOpen("Work", () -> opened.add("work after " + done));

        sequence.run();

        assertThat(done).containsExactly("store", "c", "a", "b");
        assertThat(opened).containsExactly("work after [store, c, a, b]");
        assertThat(sequence.records())
                .allMatch(step -> step.outcome() == Outcome.DONE && step.attempts() == 1 && step.problem() == null);
    }

    @Test
    void tellsAllMistakesInTheOrder() {
        assertThatThrownBy(() -> sequence(
                        step("a", "b"), step("b", "c"), step("c", "b"), step("d", "none"), step("e"), step("e")))
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        invalid -> assertThat(invalid.mistakes())
                                .extracting(mistake -> mistake.code() + " " + mistake.problem())
                                .containsExactlyInAnyOrder(
                                        "MECHA-L201 There is another initializer of the name 'e': step e.",
                                        "MECHA-L202 There is no initializer 'none'.",
                                        "MECHA-L203 Initializers wait for each other: 'b' waits for 'c' waits for 'b'."));
    }

    @Test
    void triesAgainAsOftenAsThePolicySays() {
        AtomicInteger failures = new AtomicInteger(2);
        StartSequence sequence = sequence(step("late", OnFailure.STOP, () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
        }));

        sequence.run();

        assertThat(sequence.records().get(0).attempts()).isEqualTo(3);
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void failsTheStartWithTheCause() {
        IllegalStateException cause = new IllegalStateException("never");
        StartSequence sequence = sequence(
                step("never", OnFailure.STOP, () -> {
                    throw cause;
                }),
                step("other", "never"));

        assertThatThrownBy(sequence::run)
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("MECHA-L205")
                .hasMessageContaining("failed 3 times")
                .hasCause(cause);

        assertThat(gate.isOpen()).isFalse();
        assertThat(done).isEmpty();
        assertThat(outcomes(sequence)).isEqualTo(Map.of("never", Outcome.FAILED, "other", Outcome.BLOCKED));
    }

    @Test
    void doesNotRepeatWhatIsUseless() {
        AtomicInteger attempts = new AtomicInteger();
        RetryPolicy policy = new RetryPolicy(3, null, null, null, null, List.of(IllegalArgumentException.class));
        StartSequence sequence = sequence(new StartStep(
                "useless",
                Kind.INITIALIZER,
                "step useless",
                List.of(),
                Duration.ofSeconds(20),
                policy,
                OnFailure.STOP,
                StartGuard.ALWAYS,
                () -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException(new IllegalArgumentException("wrong"));
                }));

        assertThatThrownBy(sequence::run).isInstanceOf(StartFailedException.class);

        assertThat(attempts).hasValue(1);
    }

    @Test
    void keepsTheGateClosedUntilAStepSucceedsInTheBackground() {
        AtomicBoolean there = new AtomicBoolean();
        StartSequence sequence = sequence(
                step("later", OnFailure.KEEP_TRYING, () -> {
                    if (!there.get()) {
                        throw new IllegalStateException("not yet");
                    }
                    done.add("later");
                }),
                step("after", "later"),
                step("beside"));

        sequence.run();

        assertThat(gate.isOpen()).isFalse();
        assertThat(done).containsExactly("beside");
        assertThat(outcomes(sequence)).containsEntry("after", Outcome.BLOCKED);
        there.set(true);
        Eventually.eventually(
                Duration.ofSeconds(20), () -> assertThat(gate.isOpen()).isTrue());
        assertThat(done).containsExactly("beside", "later", "after");
        assertThat(outcomes(sequence).values()).containsOnly(Outcome.DONE);
    }

    @Test
    void triesAgainInTheBackgroundAfterAnInterruptThatWasForSomethingElse() {
        AtomicInteger attempts = new AtomicInteger();
        StartGuard interrupted = action -> {
            action.run();
            if (attempts.get() < 4) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("not yet");
            }
            return true;
        };
        StartSequence sequence = sequence(new StartStep(
                "later",
                Kind.INITIALIZER,
                "step later",
                List.of(),
                Duration.ofSeconds(20),
                FAST,
                OnFailure.KEEP_TRYING,
                interrupted,
                attempts::incrementAndGet));

        try {
            sequence.run();
        } finally {
            boolean unused = Thread.interrupted();
        }

        Eventually.eventually(
                Duration.ofSeconds(20), () -> assertThat(gate.isOpen()).isTrue());
        assertThat(attempts).hasValue(4);
    }

    @Test
    void triesAgainWhatDoesNotBeginWhenTheGateOpensBeforeWhatIsBehindIt() {
        AtomicInteger attempts = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger(2);
        StartSequence sequence = sequence(step("later", OnFailure.KEEP_TRYING, () -> {
            if (attempts.incrementAndGet() <= 3) {
                throw new IllegalStateException("not yet");
            }
        }));
        gate.whenOpen("Work", () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
            done.add("work");
        });
        gate.whenOpen("Readiness", () -> done.add("ready"));

        sequence.run();

        Eventually.eventually(
                Duration.ofSeconds(20), () -> assertThat(gate.isOpen()).isTrue());
        assertThat(done).containsExactly("work", "ready");
        assertThat(attempts).hasValue(4);
    }

    @Test
    void goesOnWithoutAConnectionThatIsOptionalAndWaitsForOneThatIsNot() {
        CountDownLatch there = new CountDownLatch(1);
        StartSequence sequence = sequence(
                connection("optional", OnFailure.GO_ON, () -> {
                    throw new IllegalStateException("away");
                }),
                connection("awaited", OnFailure.KEEP_TRYING, () -> {
                    if (there.getCount() > 0) {
                        throw new IllegalStateException("away");
                    }
                }),
                step("uses"));

        sequence.run();

        assertThat(gate.isOpen()).isFalse();
        assertThat(done).isEmpty();
        there.countDown();
        Eventually.eventually(
                Duration.ofSeconds(20), () -> assertThat(gate.isOpen()).isTrue());
        assertThat(outcomes(sequence))
                .isEqualTo(Map.of("optional", Outcome.FAILED, "awaited", Outcome.DONE, "uses", Outcome.DONE));
    }

    @Test
    void interruptsAStepThatTakesTooLong() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        StartSequence sequence = sequence(timed(() -> {
            try {
                never.await();
            } catch (InterruptedException told) {
                interrupted.incrementAndGet();
                throw told;
            }
        }));

        assertThatThrownBy(sequence::run)
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("took longer than PT0.1S and was interrupted");

        assertThat(interrupted).hasValue(3);
    }

    @Test
    void neverRunsAStepBesideItself() {
        AtomicInteger attempts = new AtomicInteger();
        AtomicBoolean end = new AtomicBoolean();
        StartSequence sequence = sequence(timed(() -> {
            attempts.incrementAndGet();
            while (!end.get()) {
                Thread.onSpinWait();
            }
        }));

        try {
            assertThatThrownBy(sequence::run)
                    .isInstanceOf(StartFailedException.class)
                    .hasMessageContaining("ignores that its thread was interrupted");
            assertThat(attempts).hasValue(1);
        } finally {
            end.set(true);
        }
    }

    @Test
    void triesAgainWhatWasStuckOnceItHasEnded() {
        AtomicInteger attempts = new AtomicInteger();
        AtomicBoolean end = new AtomicBoolean();
        StartSequence sequence =
                sequence(step(Kind.INITIALIZER, "slow", Duration.ofMillis(500), OnFailure.KEEP_TRYING, () -> {
                    int attempt = attempts.incrementAndGet();
                    if (attempt <= 3) {
                        throw new IllegalStateException("not yet");
                    }
                    while (attempt == 4 && !end.get()) {
                        Thread.onSpinWait();
                    }
                }));

        try {
            sequence.run();
            Eventually.eventually(
                    Duration.ofSeconds(20),
                    () -> assertThat(sequence.records().get(0).problem())
                            .isEqualTo(StuckStepException.class.getName()));
            assertThat(attempts).hasValue(4);
        } finally {
            end.set(true);
        }

        Eventually.eventually(
                Duration.ofSeconds(20), () -> assertThat(gate.isOpen()).isTrue());
        assertThat(attempts).hasValue(5);
    }

    @Test
    void failsTheStartThatIsClosedBeforeAllHasSucceeded() {
        CompletableFuture<StartSequence> self = new CompletableFuture<>();
        StartSequence sequence = sequence(
                step("ending", OnFailure.KEEP_TRYING, () -> {
                    self.join().close();
                    throw new IllegalStateException("the JVM ends");
                }),
                step("next", "ending"));
        self.complete(sequence);

        assertThatThrownBy(sequence::run)
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("'ending'");

        assertThat(gate.isOpen()).isFalse();
        assertThat(sequence.records().get(0).attempts()).isEqualTo(1);
    }

    private StartSequence sequence(StartStep... steps) {
        return new StartSequence(List.of(steps), gate, InstantSource.system());
    }

    private StartStep step(String name, String... after) {
        return step(Kind.INITIALIZER, name, Duration.ofSeconds(20), OnFailure.STOP, () -> done.add(name), after);
    }

    private static StartStep step(String name, OnFailure onFailure, StartAction action) {
        return step(Kind.INITIALIZER, name, Duration.ofSeconds(20), onFailure, action);
    }

    private static StartStep timed(StartAction action) {
        return step(Kind.INITIALIZER, "slow", Duration.ofMillis(100), OnFailure.STOP, action);
    }

    private StartStep connection(String name) {
        return connection(name, OnFailure.GO_ON, () -> done.add(name));
    }

    private static StartStep connection(String name, OnFailure onFailure, StartAction action) {
        return step(Kind.CONNECTION, name, Duration.ofSeconds(20), onFailure, action);
    }

    private static StartStep step(
            Kind kind, String name, Duration timeout, OnFailure onFailure, StartAction action, String... after) {
        return new StartStep(
                name, kind, "step " + name, List.of(after), timeout, FAST, onFailure, StartGuard.ALWAYS, action);
    }

    private static Map<String, Outcome> outcomes(StartSequence sequence) {
        return sequence.records().stream().collect(Collectors.toMap(StartRecord::name, StartRecord::outcome));
    }
}
