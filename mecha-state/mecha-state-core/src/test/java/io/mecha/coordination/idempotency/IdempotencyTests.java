// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.Capabilities;
import io.mecha.PageRequest;
import io.mecha.Secret;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.coordination.CallOvertakenException;
import io.mecha.coordination.idempotency.Admission.Lost;
import io.mecha.coordination.idempotency.Admission.Mismatch;
import io.mecha.coordination.idempotency.Admission.Replay;
import io.mecha.coordination.idempotency.Admission.Run;
import io.mecha.coordination.idempotency.Admission.Running;
import io.mecha.coordination.idempotency.MortalNode.Death;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.TransactionResult;
import io.mecha.state.engine.EncryptionKeys;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.memory.MemoryStateOptions;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Eventually;
import io.mecha.test.TestClock;
import io.mecha.test.Together;
import io.mecha.test.state.ForwardingBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTests {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration DAY = Duration.ofDays(1);
    private static final byte[] ONE = {1};
    private static final byte[] OTHER = {2};

    /** Requests of a call that runs on its own: read, acquire, begin, complete. */
    private static final int REQUESTS = 4;

    private final TestClock clock = new TestClock();
    private final ThreadTransactions transactions = new ThreadTransactions();
    private final StateBackend backend =
            MemoryStateBackend.joining("calls", clock, MemoryStateOptions.unbounded(), transactions);
    private final List<Idempotency> engines = new ArrayList<>();

    @AfterEach
    void close() {
        engines.forEach(Idempotency::close);
    }

    @Test
    void repeatsTheResultOfTheFirstCall() {
        Idempotency engine = engine(backend);

        complete(engine, "key", "tea");

        assertThat(replayed(engine, "key")).isEqualTo("tea");
        assertThat(replayed(engine(backend), "key")).isEqualTo("tea");
    }

    @Test
    void repeatsAResultWithOneRequest() {
        complete(engine(backend), "key", "tea");
        MortalNode node = new MortalNode(backend);
        Idempotency engine = engine(node);

        assertThat(replayed(engine, "key")).isEqualTo("tea");

        assertThat(node.requests()).isEqualTo(1);
    }

    @Test
    void runsACallWithFourRequests() {
        MortalNode node = new MortalNode(backend);

        complete(engine(node), "key", "tea");

        assertThat(node.requests()).isEqualTo(REQUESTS);
    }

    @Test
    void letsNobodyRunWhatRuns() {
        Run first = run(engine(backend), "key");

        assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Running.class);
        assertThat(engine(backend).begin("other", ONE, DAY)).isInstanceOf(Run.class);

        first.execution().complete(bytes("tea"));
        assertThat(replayed(engine(backend), "key")).isEqualTo("tea");
    }

    @Test
    void refusesAKeyOfAnotherCallWhileItRunsAndAfterwards() {
        Run first = run(engine(backend), "key");
        assertThat(engine(backend).begin("key", OTHER, DAY)).isInstanceOf(Mismatch.class);

        first.execution().complete(bytes("tea"));

        assertThat(engine(backend).begin("key", OTHER, DAY)).isInstanceOf(Mismatch.class);
    }

    @Test
    void forgetsACallThatWasNotKept() {
        Run first = run(engine(backend), "key");

        first.execution().close();

        assertThat(engine(backend).begin("key", OTHER, DAY)).isInstanceOf(Run.class);
    }

    @Test
    void forgetsResultsInTime() {
        complete(engine(backend), "key", "tea");

        clock.advance(DAY);

        assertThat(engine(backend).begin("key", OTHER, DAY)).isInstanceOf(Run.class);
    }

    @Test
    void saysThatAResultIsLost() {
        run(engine(backend), "key").execution().completeWithoutResult();

        assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Lost.class);
    }

    @Test
    void runsOnlyOneOfManyAtOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        List<Callable<Admission>> calls = Collections.nCopies(16, () -> {
            Admission admission = engine(backend).begin("key", ONE, DAY);
            if (admission instanceof Run) {
                runs.incrementAndGet();
            }
            return admission;
        });

        List<Admission> answers = Together.run(calls);

        assertThat(runs).hasValue(1);
        assertThat(answers).allMatch((answer) -> answer instanceof Run || answer instanceof Running);
    }

    @Test
    void refusesTheResultOfACallThatStoodStillForLongerThanItsLease() {
        Run paused = run(engine(new NeverRenewed(backend)), "key");
        clock.advance(LEASE);
        complete(engine(backend), "key", "coffee");

        assertThatExceptionOfType(CallOvertakenException.class)
                .isThrownBy(() -> paused.execution().complete(bytes("tea")));
        paused.execution().close();

        assertThat(replayed(engine(backend), "key")).isEqualTo("coffee");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNeverStuckWhereverANodeDies(boolean arrives) {
        for (int last = 1; last <= REQUESTS; last++) {
            String key = "key" + last + arrives;
            MortalNode node = new MortalNode(backend, last, arrives);

            assertThatExceptionOfType(Death.class).isThrownBy(() -> complete(engine(node), key, "tea"));
            clock.advance(LEASE);
            Admission next = engine(backend).begin(key, ONE, DAY);

            boolean kept = last == REQUESTS && arrives;
            assertThat(next).as("death at request %d", last).isInstanceOf(kept ? Replay.class : Run.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverRunsAgainWhatIsCommittedWhereverANodeDies(boolean arrives) {
        for (int last = 1; last <= REQUESTS + 1; last++) {
            String key = "key" + last + arrives;
            MortalNode node = new MortalNode(backend, last, arrives);
            AtomicInteger committed = new AtomicInteger();

            assertThatExceptionOfType(Death.class).isThrownBy(() -> {
                Run run = run(engine(node), key);
                transactions.run(() -> run.execution().mark());
                committed.incrementAndGet();
                run.execution().complete(bytes("tea"));
            });
            clock.advance(LEASE);
            Admission next = engine(backend).begin(key, ONE, DAY);

            boolean kept = last == REQUESTS + 1 && arrives;
            Class<?> expected = kept ? Replay.class : committed.get() == 1 ? Lost.class : Run.class;
            assertThat(next).as("death at request %d", last).isInstanceOf(expected);
        }
    }

    @Test
    void keepsAMarkOfACallWhoseAnswerIsNotKept() {
        Run run = run(engine(backend), "key");

        transactions.run(() -> run.execution().mark());
        transactions.run(() -> run.execution().mark());
        run.execution().close();

        assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Lost.class);
    }

    @Test
    void keepsAResultWithTheTransaction() {
        Run committed = run(engine(backend), "committed");
        Run rolledBack = run(engine(backend), "rolled back");

        transactions.run(() -> committed.execution().complete(bytes("tea")));
        transactions.rollBack(() -> rolledBack.execution().complete(bytes("tea")));
        committed.execution().close();
        rolledBack.execution().close();

        assertThat(replayed(engine(backend), "committed")).isEqualTo("tea");
        assertThat(engine(backend).begin("rolled back", ONE, DAY)).isInstanceOf(Run.class);
    }

    @Test
    void letsNobodyElseRunWhatRunsInATransaction() {
        transactions.run(() -> {
            Idempotency engine = engine(backend);
            Run run = run(engine, "key");
            transactions.outside(
                    () -> assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Running.class));
            run.execution().complete(bytes("tea"));
            run.execution().close();
            transactions.outside(
                    () -> assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Running.class));
            assertThat(replayed(engine, "key")).isEqualTo("tea");
        });

        assertThat(replayed(engine(backend), "key")).isEqualTo("tea");
    }

    @Test
    void refusesToCommitWhatWasOvertaken() {
        Run paused = run(engine(new NeverRenewed(backend)), "key");
        clock.advance(LEASE);
        complete(engine(backend), "key", "coffee");

        assertThatExceptionOfType(CallOvertakenException.class)
                .isThrownBy(() -> transactions.run(() -> paused.execution().mark()));
    }

    @Test
    void keepsTheResultOfATransactionOfWhichNobodyHeardThatItWasCommitted() {
        Run run = run(engine(backend), "key");
        transactions.runUnheard(() -> run.execution().complete(bytes("tea")));

        assertThatExceptionOfType(CallOvertakenException.class)
                .isThrownBy(() -> run.execution().complete(bytes("failed")));
        run.execution().close();

        assertThat(replayed(engine(backend), "key")).isEqualTo("tea");
    }

    @Test
    void keepsAnotherResultAfterATransactionWasRolledBack() {
        Run run = run(engine(backend), "key");
        transactions.run(() -> run.execution().mark());
        transactions.rollBack(() -> run.execution().complete(bytes("tea")));

        run.execution().complete(bytes("refused"));

        assertThat(replayed(engine(backend), "key")).isEqualTo("refused");
    }

    @Test
    void encryptsAsTheStoreDoes() {
        StateStoreComponent store = StateStoreComponent.builder("calls", "memory", backend, JacksonCodecs.standard())
                .encryption(EncryptionKeys.of(Secret.of("0".repeat(64)), List.of()))
                .build();
        Idempotency engine = engine(store);

        complete(engine, "key", "tea");

        assertThat(replayed(engine, "key")).isEqualTo("tea");
        byte[] stored = backend.read(store.reservedPrefix("idempotency") + "key")
                .value()
                .bytes();
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("tea");
    }

    @Test
    void keepsItsKeysFromTheApplication() {
        StateStoreComponent store = component(backend);
        KeyValueStore<String> values = store.store(String.class);
        complete(engine(store), "key", "tea");
        values.put("mine", "value");

        assertThat(values.keys("", PageRequest.first(10)).items()).containsExactly("mine");
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> values.put(store.reservedPrefix("idempotency") + "key", "forged"))
                .withMessageContaining("MECHA-S201")
                .withMessageContaining("which is reserved");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, Execution.LARGEST_LATE_RESULT + 1})
    void keepsWhatWasDoneAsSoonAsTheBackendIsBack(int size) {
        AtomicBoolean away = new AtomicBoolean();
        Run run = run(engine(leaving(away)), "key");
        away.set(true);

        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(() -> run.execution().complete(new byte[size]));
        run.execution().close();

        assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Running.class);
        away.set(false);
        Eventually.eventually(
                PATIENCE,
                () -> assertThat(engine(backend).begin("key", ONE, DAY))
                        .isInstanceOf(size == 3 ? Replay.class : Lost.class));
    }

    @Test
    void writesWhatIsLateBeforeItCloses() {
        AtomicBoolean away = new AtomicBoolean();
        Idempotency engine = engine(leaving(away));
        Run run = run(engine, "key");
        away.set(true);
        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(() -> run.execution().completeWithoutResult());

        away.set(false);
        engine.close();

        assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Lost.class);
    }

    @Test
    void forgetsACallThatFailedWhileTheBackendIsAway() {
        AtomicBoolean away = new AtomicBoolean();
        Run run = run(engine(leaving(away)), "key");
        away.set(true);

        run.execution().close();

        assertThat(engine(backend).begin("key", ONE, DAY)).isInstanceOf(Run.class);
    }

    @Test
    void needsLeases() {
        StateBackend without = new ForwardingBackend(backend) {

            @Override
            public Capabilities capabilities() {
                return Capabilities.none();
            }
        };

        assertThatExceptionOfType(MissingCapabilityException.class)
                .isThrownBy(() -> engine(without))
                .withMessageContaining("needs Leases");
    }

    /** Returns a backend whose transactions fail while it is away. */
    private StateBackend leaving(AtomicBoolean away) {
        return new ForwardingBackend(backend) {

            @Override
            public Capabilities capabilities() {
                return super.capabilities().map(Transactions.class, real -> new Leaving(real, away));
            }
        };
    }

    private record Leaving(Transactions real, AtomicBoolean away) implements Transactions {

        @Override
        public int maximumOperations() {
            return real.maximumOperations();
        }

        @Override
        public TransactionResult execute(List<Operation> operations) {
            if (away.get()) {
                throw StateUnavailableException.nothingHappened("calls", "memory", null);
            }
            return real.execute(operations);
        }
    }

    private Idempotency engine(StateBackend node) {
        return engine(component(node));
    }

    private synchronized Idempotency engine(StateStoreComponent store) {
        Idempotency engine = new Idempotency(store, LEASE);
        engines.add(engine);
        return engine;
    }

    private static StateStoreComponent component(StateBackend node) {
        return StateStoreComponent.builder("calls", "memory", node, JacksonCodecs.standard())
                .build();
    }

    private static Run run(Idempotency engine, String key) {
        return (Run) engine.begin(key, ONE, DAY);
    }

    private static void complete(Idempotency engine, String key, String result) {
        run(engine, key).execution().complete(bytes(result));
    }

    private static String replayed(Idempotency engine, String key) {
        return new String(((Replay) engine.begin(key, ONE, DAY)).result(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
