// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.state.jdbc.Writes.putIfAbsent;
import static io.mecha.state.jdbc.Writes.replace;
import static io.mecha.state.jdbc.Writes.text;
import static io.mecha.state.jdbc.Writes.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.Precondition;
import io.mecha.state.StateContentionException;
import io.mecha.state.TransactionResult;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** State and the application's rows commit together or not at all. */
abstract class SpringTransactionBehaviour {

    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;
    private StateBackend backend;

    abstract DataSource dataSource();

    /** Tell whether the database ends a transaction at repeatable read that writes what others have changed. */
    boolean snapshotsAreFinal() {
        return true;
    }

    @BeforeEach
    void open() {
        jdbc = new JdbcTemplate(dataSource());
        jdbc.execute("drop table if exists mecha_state");
        jdbc.execute("drop table if exists app");
        jdbc.execute("create table app (id varchar(10))");
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource()));
        backend = JdbcStateBackend.create("carts", dataSource(), JdbcStateOptions.DEFAULTS, false);
        backend.ping();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void commitsWithTheApplication() {
        transaction.executeWithoutResult(status -> {
            jdbc.update("insert into app values ('row')");
            backend.write(put("key", "value"));
            assertThat(text(backend, "key")).isEqualTo("value");
            assertThat(elsewhere("key")).isNull();
        });

        assertThat(text(backend, "key")).isEqualTo("value");
        assertThat(rows()).isOne();
    }

    @Test
    void rollsBackWithTheApplication() {
        backend.write(put("old", "before"));

        transaction.executeWithoutResult(status -> {
            jdbc.update("insert into app values ('row')");
            backend.write(put("key", "value"));
            backend.writeAll(List.of(put("old", "after"), put("bulk", "value")));
            transactions().execute(List.of(put("a", "value"), put("b", "value")));
            status.setRollbackOnly();
        });

        assertThat(backend.readAll(List.of("key", "bulk", "a", "b"))).isEmpty();
        assertThat(text(backend, "old")).isEqualTo("before");
        assertThat(rows()).isZero();
    }

    @Test
    void conflictsWithoutHarmToTheApplication() {
        String version = version(backend.write(put("key", "value")));

        transaction.executeWithoutResult(status -> {
            jdbc.update("insert into app values ('before')");
            assertThat(backend.write(putIfAbsent("key", "lost"))).isEqualTo(new Conflict(null, version));
            assertThat(backend.write(replace("key", "lost", "stale"))).isEqualTo(new Conflict("stale", version));
            assertThat(backend.writeAll(List.of(putIfAbsent("key", "lost"), put("other", "kept"))))
                    .extracting(WriteResult::applied)
                    .containsExactly(false, true);
            assertThat(transactions().execute(List.of(put("gone", "lost"), putIfAbsent("key", "lost"))))
                    .isEqualTo(new TransactionResult.Conflict("key", null, version));
            jdbc.update("insert into app values ('after')");
        });

        assertThat(text(backend, "key")).isEqualTo("value");
        assertThat(text(backend, "other")).isEqualTo("kept");
        assertThat(text(backend, "gone")).isNull();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void guardsAbsenceInATransactionOfTheApplication() {
        transaction.executeWithoutResult(status -> {
            TransactionResult result =
                    transactions().execute(List.of(new Require("absent", Precondition.ABSENT), put("key", "value")));
            assertThat(result.committed()).isTrue();
        });

        assertThat(text(backend, "key")).isEqualTo("value");
        assertThat(text(backend, "absent")).isNull();
    }

    @Test
    void appliesAChangeToWhatOthersChangedSinceOrRefusesItAtOnce() {
        String old = version(backend.write(put("key", "value")));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

        transaction.executeWithoutResult(status -> {
            assertThat(text(backend, "key")).isEqualTo("value");
            String now = putElsewhere("key", "theirs");
            if (snapshotsAreFinal()) {
                assertThatExceptionOfType(StateContentionException.class)
                        .isThrownBy(() -> backend.write(replace("key", "mine", old)))
                        .withMessageContaining("MECHA-S306")
                        .withMessageContaining("The surrounding transaction lost to other writers")
                        .withMessageContaining("Run the whole transaction again");
                status.setRollbackOnly();
                return;
            }
            assertThat(backend.write(replace("key", "mine", old))).isEqualTo(new Conflict(old, now));
            assertThat(text(backend, "key")).isEqualTo("theirs");
            assertThat(backend.readAll(List.of("key", "other")).get("key").version())
                    .isEqualTo(now);
            assertThat(backend.write(replace("key", "mine", now)).applied()).isTrue();
        });

        assertThat(text(backend, "key")).isEqualTo(snapshotsAreFinal() ? "theirs" : "mine");
    }

    @Test
    void createsWhatOthersCreatedSinceOrRefusesItAtOnce() {
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

        transaction.executeWithoutResult(status -> {
            assertThat(text(backend, "key")).isNull();
            String now = putElsewhere("key", "theirs");
            if (snapshotsAreFinal()) {
                assertThat(created("key", "mine")).isFalse();
                status.setRollbackOnly();
                return;
            }
            assertThat(backend.write(putIfAbsent("key", "mine"))).isEqualTo(new Conflict(null, now));
            assertThat(text(backend, "key")).isEqualTo("theirs");
            assertThat(backend.write(replace("key", "mine", now)).applied()).isTrue();
        });

        assertThat(text(backend, "key")).isEqualTo(snapshotsAreFinal() ? "theirs" : "mine");
    }

    @Test
    void forgetsWithTheTransactionWhatItLost() {
        String old = version(backend.write(put("key", "value")));

        transaction.executeWithoutResult(status -> {
            putElsewhere("key", "theirs");
            assertThat(backend.write(replace("key", "mine", old)).applied()).isFalse();
            assertThat(text(backend, "key")).isEqualTo("theirs");
        });

        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
    }

    @Test
    void seesTheTransaction() {
        SurroundingTransaction surrounding =
                backend.capabilities().find(SurroundingTransaction.class).orElseThrow();
        List<String> happened = new ArrayList<>();

        assertThat(surrounding.active()).isFalse();
        transaction.executeWithoutResult(status -> {
            assertThat(surrounding.active()).isTrue();
            surrounding.afterCompletion(() -> happened.add("completed"));
            assertThat(happened).isEmpty();
        });

        assertThat(happened).containsExactly("completed");
        assertThat(surrounding.active()).isFalse();
    }

    @Test
    void knowsItsResourceBehindAProxyAndNoOther() {
        SurroundingTransaction surrounding =
                backend.capabilities().find(SurroundingTransaction.class).orElseThrow();
        DataSource known = ((DataSourceTransactionManager) transaction.getTransactionManager()).getDataSource();

        assertThat(surrounding.on(known)).isTrue();
        assertThat(surrounding.on(new TransactionAwareDataSourceProxy(known))).isTrue();
        assertThat(surrounding.on(new LazyConnectionDataSourceProxy(known))).isFalse();
        assertThat(surrounding.on(new DriverManagerDataSource("jdbc:h2:mem:other")))
                .isFalse();
        assertThat(surrounding.on("something else")).isFalse();
    }

    @Test
    void commitsAtOnceInATransactionOfAnotherDataSource() {
        DataSource other = new DriverManagerDataSource("jdbc:h2:mem:other");
        TransactionTemplate foreign = new TransactionTemplate(new DataSourceTransactionManager(other));

        foreign.executeWithoutResult(status -> {
            backend.write(put("key", "value"));
            status.setRollbackOnly();
        });

        assertThat(text(backend, "key")).isEqualTo("value");
    }

    private Transactions transactions() {
        return backend.capabilities().find(Transactions.class).orElseThrow();
    }

    private boolean created(String key, String value) {
        try {
            return backend.write(putIfAbsent(key, value)).applied();
        } catch (StateContentionException e) {
            return false;
        }
    }

    private String putElsewhere(String key, String value) {
        return CompletableFuture.supplyAsync(() -> version(backend.write(put(key, value))))
                .join();
    }

    private String elsewhere(String key) {
        return CompletableFuture.supplyAsync(() -> text(backend, key)).join();
    }

    private int rows() {
        return jdbc.queryForObject("select count(*) from app", Integer.class);
    }
}
