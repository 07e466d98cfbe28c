// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.MechaException;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.coordination.CallIsolationException;
import io.mecha.coordination.CallOvertakenException;
import io.mecha.coordination.idempotency.Admission;
import io.mecha.coordination.idempotency.Admission.Lost;
import io.mecha.coordination.idempotency.Admission.Replay;
import io.mecha.coordination.idempotency.Admission.Run;
import io.mecha.coordination.idempotency.Admission.Running;
import io.mecha.coordination.idempotency.Execution;
import io.mecha.coordination.idempotency.Idempotency;
import io.mecha.state.StateContentionException;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Calls that run once, whose results are in the database that they write to. */
abstract class IdempotentCallsBehaviour {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] FINGERPRINT = {1, 2, 3};

    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;
    private StateStoreComponent store;
    private Idempotency calls;
    private Idempotency otherNode;

    abstract DataSource dataSource();

    @BeforeEach
    void open() {
        jdbc = new JdbcTemplate(dataSource());
        for (String table : List.of("mecha_state", "mecha_lease", "mecha_lease_fence", "payments")) {
            jdbc.execute("drop table if exists " + table);
        }
        jdbc.execute("create table payments (payee varchar(100))");
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource()));
        StateBackend backend = JdbcStateBackend.create("calls", dataSource(), JdbcStateOptions.DEFAULTS, false);
        store = StateStoreComponent.builder("calls", "jdbc", backend, JacksonCodecs.standard())
                .build();
        store.ping();
        calls = new Idempotency(store, LEASE);
        otherNode = new Idempotency(store, LEASE);
        // MariaDB shows a transaction no table that is made after its snapshot.
        run("first").execution().close();
    }

    @AfterEach
    void close() {
        calls.close();
        otherNode.close();
        store.close();
    }

    @Test
    void commitsTheResultWithTheCallOrNothing() {
        Run undone = run("undone");
        transaction.executeWithoutResult(status -> {
            pay("undone");
            complete(undone.execution());
            status.setRollbackOnly();
        });
        undone.execution().close();
        Run done = run("done");
        transaction.executeWithoutResult(status -> {
            pay("done");
            complete(done.execution());
        });
        done.execution().close();

        assertThat(paid("undone")).isZero();
        assertThat(otherNode.begin("undone", FINGERPRINT, DAY)).isInstanceOf(Run.class);
        assertThat(paid("done")).isEqualTo(1);
        assertThat(otherNode.begin("done", FINGERPRINT, DAY)).isInstanceOf(Replay.class);
    }

    @Test
    void neverRunsAgainWhatHasLeftAMark() {
        Run run = run("key");
        transaction.executeWithoutResult(status -> {
            pay("key");
            run.execution().mark();
        });
        run.execution().close();

        assertThat(otherNode.begin("key", FINGERPRINT, DAY)).isInstanceOf(Lost.class);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {TransactionDefinition.ISOLATION_READ_COMMITTED, TransactionDefinition.ISOLATION_REPEATABLE_READ})
    void rollsBackACallThatWasOvertaken(int isolation) {
        transaction.setIsolationLevel(isolation);
        Run paused = run("key");

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    pay("key");
                    overtake("key");
                    complete(paused.execution());
                }))
                .isInstanceOfAny(CallOvertakenException.class, StateContentionException.class);
        paused.execution().close();

        assertThat(paid("key")).isZero();
    }

    @Test
    void letsNobodyElseRunWhatRunsInATransactionOfItsCaller() {
        transaction.executeWithoutResult(status -> {
            Execution execution = run("key").execution();
            pay("key");
            assertThat(elsewhere("key")).isInstanceOf(Running.class);
            complete(execution);
            execution.close();
            assertThat(elsewhere("key")).isInstanceOf(Running.class);
        });

        assertThat(otherNode.begin("key", FINGERPRINT, DAY)).isInstanceOf(Replay.class);
        assertThat(paid("key")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE})
    void runsInATransactionOfItsCallerOrNamesTheLevelThatKeepsItFromIt(int isolation) {
        transaction.setIsolationLevel(isolation);
        AtomicReference<String> refusal = new AtomicReference<>();

        transaction.executeWithoutResult(status -> {
            try (Execution execution = run("key").execution()) {
                pay("key");
                complete(execution);
            } catch (CallIsolationException refused) {
                refusal.set(refused.getMessage());
            }
        });

        if (refusal.get() == null) {
            assertThat(otherNode.begin("key", FINGERPRINT, DAY)).isInstanceOf(Replay.class);
        } else {
            assertThat(refusal.get())
                    .contains("MECHA-K405")
                    .contains(
                            isolation == TransactionDefinition.ISOLATION_SERIALIZABLE
                                    ? "at SERIALIZABLE"
                                    : "at REPEATABLE READ")
                    .contains("READ_COMMITTED");
            assertThat(paid("key")).isZero();
            assertThat(otherNode.begin("key", FINGERPRINT, DAY)).isInstanceOf(Run.class);
        }
        assertThat(refusal.get() != null).isEqualTo(hasSnapshots());
    }

    private boolean hasSnapshots() {
        String product = jdbc.execute((ConnectionCallback<String>)
                connection -> connection.getMetaData().getDatabaseProductName());
        return !product.equals("MariaDB");
    }

    @Test
    void neverRunsAgainInATransactionThatBeganBeforeTheCallWasDone() {
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    jdbc.queryForList("select version from mecha_state"); // the snapshot of the transaction
                    CompletableFuture.runAsync(this::payOnce).join();
                    Run again = run("key");
                    pay("key");
                    complete(again.execution());
                }))
                .isInstanceOf(MechaException.class);

        assertThat(paid("key")).isEqualTo(1);
        assertThat(otherNode.begin("key", FINGERPRINT, DAY)).isInstanceOf(Replay.class);
    }

    /** Another node does the call, whose lease ends in time. */
    private void payOnce() {
        Run first = (Run) otherNode.begin("key", FINGERPRINT, DAY);
        pay("key");
        complete(first.execution());
        jdbc.update("update mecha_lease set expires_at = 1");
    }

    @Test
    void letsTheNextOneRunWhenTheTransactionOfTheCallerIsRolledBack() {
        transaction.executeWithoutResult(status -> {
            try (Execution execution = run("key").execution()) {
                complete(execution);
            }
            status.setRollbackOnly();
        });

        Eventually.eventually(
                PATIENCE,
                () -> assertThat(otherNode.begin("key", FINGERPRINT, DAY)).isInstanceOf(Run.class));
    }

    private Admission elsewhere(String key) {
        return CompletableFuture.supplyAsync(() -> otherNode.begin(key, FINGERPRINT, DAY))
                .join();
    }

    /** The lease ends while its owner stands still, and another node gets it. */
    private void overtake(String key) {
        String name = store.reservedPrefix("idempotency") + key;
        CompletableFuture.runAsync(() -> {
                    jdbc.update("update mecha_lease set expires_at = 1");
                    Leases leases = store.capabilities().find(Leases.class).orElseThrow();
                    assertThat(leases.acquire(name, "nobody", LEASE)).isInstanceOf(Granted.class);
                })
                .join();
    }

    private Run run(String key) {
        return (Run) calls.begin(key, FINGERPRINT, DAY);
    }

    private static void complete(Execution execution) {
        assertThat(execution.complete("tea".getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    private void pay(String to) {
        jdbc.update("insert into payments values (?)", to);
    }

    private int paid(String to) {
        return jdbc.queryForObject("select count(*) from payments where payee = ?", Integer.class, to);
    }
}
