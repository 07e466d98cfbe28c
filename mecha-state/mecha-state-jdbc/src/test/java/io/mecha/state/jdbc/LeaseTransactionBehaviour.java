// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.state.jdbc.Writes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.coordination.FencedException;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.engine.Coordination;
import io.mecha.jdbc.lease.LeaseTable;
import io.mecha.state.StateContentionException;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.jdbc.JdbcStateOptions.InitializeSchema;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Together;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Leases are outside of the application's transactions, fences inside. */
abstract class LeaseTransactionBehaviour {

    private static final Duration LONG = Duration.ofHours(1);
    private static final int WRITERS = 4;
    private static final int WRITES = 10_000;

    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;
    private StateBackend backend;
    private StateBackend other;

    abstract DataSource dataSource();

    @BeforeEach
    void open() {
        jdbc = new JdbcTemplate(dataSource());
        for (String table : List.of("mecha_state", "mecha_lease", "mecha_lease_fence")) {
            jdbc.execute("drop table if exists " + table);
        }
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource()));
        backend = JdbcStateBackend.create("carts", dataSource(), JdbcStateOptions.DEFAULTS, false);
        other = JdbcStateBackend.create("carts", dataSource(), JdbcStateOptions.DEFAULTS, false);
        backend.ping();
        other.ping(); // the tables are created in the background, which waits for transactions that write to them
    }

    @AfterEach
    void close() {
        backend.close();
        other.close();
    }

    @Test
    void showsALeaseBeforeTheCommitAndKeepsItOnRollback() {
        transaction.executeWithoutResult(status -> {
            Lease lease = granted(backend, "owner");
            assertThat(acquire(other, "other")).isInstanceOf(Held.class);
            assertThat(leases(backend).renew(Map.of(lease, LONG))).containsExactly(lease);
            status.setRollbackOnly();
        });

        assertThat(acquire(other, "other")).isInstanceOf(Held.class);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {TransactionDefinition.ISOLATION_READ_COMMITTED, TransactionDefinition.ISOLATION_REPEATABLE_READ})
    void letsNobodyTakeOverUntilATransactionWithAFenceEnds(int isolation) {
        transaction.setIsolationLevel(isolation);
        Lease lease = granted(backend, "owner");

        transaction.executeWithoutResult(status -> {
            assertThat(text(backend, "key")).isNull(); // what a snapshot begins with
            assertThat(leases(other).renew(Map.of(lease, LONG))).containsExactly(lease);
            assertThat(write(lease).committed()).isTrue();
            assertThat(leases(other).renew(Map.of(lease, LONG))).containsExactly(lease);
            assertThat(leases(other).release(lease)).isTrue();
            assertThat(acquire(other, "other")).isEqualTo(new Held(Duration.ZERO));
            assertThat(leases(other).acquire("another name", "other", LONG)).isInstanceOf(Granted.class);
        });

        assertThat(text(backend, "key")).isEqualTo("value");
        Lease newer = granted(other, "other");
        assertThat(newer.token()).isGreaterThan(lease.token());
        assertThat(write(lease)).isEqualTo(new Fenced("name", lease.token(), newer.token()));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {TransactionDefinition.ISOLATION_READ_COMMITTED, TransactionDefinition.ISOLATION_REPEATABLE_READ})
    void refusesAnOwnerThatLostTheLeaseInTheMiddleOfATransaction(int isolation) {
        transaction.setIsolationLevel(isolation);
        Lease lease = granted(backend, "owner");

        try {
            transaction.executeWithoutResult(status -> {
                assertThat(text(backend, "key")).isNull();
                leases(other).release(lease);
                Lease newer = granted(other, "other");

                assertThat(write(lease)).isEqualTo(new Fenced("name", lease.token(), newer.token()));
            });
        } catch (StateContentionException lost) {
            assertThat(isolation).isEqualTo(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        }

        assertThat(text(backend, "key")).isNull();
    }

    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void letsAnOwnerAskAgainDuringItsFence() {
        Lease lease = granted(backend, "owner");

        transaction.executeWithoutResult(status -> {
            assertThat(write(lease).committed()).isTrue();
            assertThat(granted(backend, "owner")).isEqualTo(lease);
        });

        assertThat(write(lease).committed()).isTrue();
    }

    @Test
    void promisesNoMoreThanIsLeftAfterAWait() throws Exception {
        granted(backend, "owner");
        CountDownLatch locked = new CountDownLatch(1);

        List<Long> micros = Together.run(List.of(
                () -> transaction.execute(status -> {
                    jdbc.update("update mecha_lease set owner = owner");
                    locked.countDown();
                    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                    return Duration.ofMillis(System.currentTimeMillis()).toNanos() / 1_000;
                }),
                () -> {
                    locked.await();
                    return ((Granted) acquire(other, "owner")).remaining().toNanos() / 1_000;
                }));

        Long end = jdbc.queryForObject("select expires_at from mecha_lease", Long.class);
        assertThat(end - micros.get(1)).isGreaterThan(micros.get(0) - 50_000);
    }

    @Test
    void grantsANameOfWhichOnlyTheFenceIsLeft() {
        Lease lost = granted(backend, "owner");
        jdbc.update("delete from mecha_lease");

        transaction.executeWithoutResult(status -> {
            assertThat(write(lost).committed()).isTrue();
            assertThat(acquire(other, "other")).isEqualTo(new Held(Duration.ZERO));
        });

        assertThat(granted(other, "other").token()).isGreaterThan(lost.token());
        assertThat(write(lost).committed()).isFalse();
    }

    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void forgetsNamesLaterThanATransactionWithAFence() {
        Lease idle = granted(backend, "owner");
        jdbc.update("update mecha_lease set expires_at = -1, token = 1");

        transaction.executeWithoutResult(status -> {
            assertThat(write(idle).committed()).isTrue();
            ((JdbcLeases) leases(backend)).purge();
        });

        assertThat(jdbc.queryForObject("select count(*) from mecha_lease", Integer.class))
                .isEqualTo(1);
        ((JdbcLeases) leases(backend)).purge();
        assertThat(jdbc.queryForObject("select count(*) from mecha_lease", Integer.class))
                .isEqualTo(0);
    }

    @Test
    void writesTenThousandTimesWhileTheLeaseIsRenewed() throws Exception {
        Lease lease = granted(backend, "owner");
        AtomicInteger written = new AtomicInteger();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String key = "key-" + i;
            tasks.add(() -> {
                int own = 0;
                while (written.getAndIncrement() < WRITES) {
                    TransactionResult result = transactions(backend)
                            .execute(List.of(new Fence(lease.name(), lease.token()), put(key, "value")));
                    assertThat(result.committed()).isTrue();
                    own++;
                }
                return own;
            });
        }
        tasks.add(() -> {
            int renewals = 0;
            while (written.get() < WRITES) {
                assertThat(leases(other).renew(Map.of(lease, LONG))).containsExactly(lease);
                renewals++;
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            return renewals;
        });

        List<Integer> counts = Together.run(tasks);

        assertThat(counts.subList(0, WRITERS).stream().mapToInt(count -> count).sum())
                .isEqualTo(WRITES);
        assertThat(counts.get(WRITERS)).isPositive();
    }

    @Test
    void showsALockBeforeTheCommitAndKeepsItOnRollback() {
        try (Coordination node = node(backend);
                Coordination another = node(other)) {
            transaction.executeWithoutResult(status -> {
                node.locks().lock("name").acquire();
                assertThat(another.locks().lock("name").tryAcquire()).isEmpty();
                status.setRollbackOnly();
            });

            assertThat(another.locks().lock("name").tryAcquire()).isEmpty();
        }
    }

    @Test
    void letsNobodyHaveALockUntilATransactionThatItGuardsEnds() {
        jdbc.execute("drop table if exists guarded");
        jdbc.execute("create table guarded (id int)");
        try (Coordination node = node(backend);
                Coordination another = node(other)) {
            HeldLock held = node.locks().lock("name").acquire();

            transaction.executeWithoutResult(status -> {
                held.guard();
                jdbc.update("insert into guarded values (1)");
                held.close(); // as if its lease had ended: the transaction still goes on
                assertThat(another.locks().lock("name").tryAcquire()).isEmpty();
            });

            assertThat(another.locks().lock("name").tryAcquire(Duration.ofSeconds(30)))
                    .isPresent();
            assertThat(rows()).isEqualTo(1);
        }
    }

    @Test
    void refusesATransactionWhoseLockWasTakenBetweenItsStatementAndItsCommit() {
        jdbc.execute("drop table if exists guarded");
        jdbc.execute("create table guarded (id int)");
        try (Coordination node = node(backend);
                Coordination another = node(other)) {
            HeldLock held = node.locks().lock("name").acquire();

            assertThatExceptionOfType(FencedException.class)
                    .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                        jdbc.update("insert into guarded values (1)");
                        held.close();
                        assertThat(another.locks().lock("name").tryAcquire()).isPresent();
                        held.guard();
                    }))
                    .withMessageContaining("MECHA-K304")
                    .satisfies(fenced -> assertThat(fenced.token()).isEqualTo(held.token()));

            assertThat(rows()).isZero();
        }
    }

    @Test
    void guardsNoTransactionOfAnotherSource() {
        DataSource another = new DriverManagerDataSource("jdbc:h2:mem:another");
        TransactionTemplate foreign = new TransactionTemplate(new DataSourceTransactionManager(another));
        try (Coordination node = node(backend)) {
            HeldLock held = node.locks().lock("name").acquire();

            for (Runnable call :
                    List.<Runnable>of(held::guard, () -> foreign.executeWithoutResult(status -> held.guard()))) {
                assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                        .isThrownBy(call::run)
                        .withMessageContaining("MECHA-K203")
                        .withMessageContaining("there is none on the database that keeps the lease");
            }
        }
    }

    private int rows() {
        return jdbc.queryForList("select id from guarded").size();
    }

    private static Coordination node(StateBackend backend) {
        return Coordination.builder("carts", "jdbc", "", backend.capabilities()).build();
    }

    @Test
    void forgetsNamesThatAreIdleForAWeek() {
        Lease idle = granted(backend, "owner");
        leases(backend).release(idle);
        assertThat(leases(backend).acquire("held", "owner", LONG)).isInstanceOf(Granted.class);
        assertThat(leases(backend).acquire("fresh", "owner", Duration.ofMillis(1)))
                .isInstanceOf(Granted.class);
        long week = Duration.ofDays(7).toSeconds() * 1_000_000;
        jdbc.update(
                "update mecha_lease set expires_at = expires_at + ?, token = token - ? where expires_at < 0",
                week + 1_000_000,
                week + 1_000_000);

        assertThat(((JdbcLeases) leases(backend)).purge()).isPositive();

        assertThat(jdbc.queryForObject("select count(*) from mecha_lease", Integer.class))
                .isEqualTo(2);
        assertThat(jdbc.queryForObject("select count(*) from mecha_lease_fence", Integer.class))
                .isEqualTo(2);
        assertThat(granted(backend, "owner").token()).isGreaterThan(idle.token());
    }

    @Test
    void forgetsNamesInPortions() {
        granted(backend, "owner");
        transaction.executeWithoutResult(status -> {
            for (int i = 0; i < LeaseTable.PURGE_ROWS + 10; i++) {
                byte[] key = LeaseTable.key("idle-" + i);
                jdbc.update(
                        "insert into mecha_lease (lease_key, name, owner, token, expires_at)"
                                + " select ?, l.name, l.owner, 1, 2 from mecha_lease l where l.token > 1",
                        key);
                jdbc.update("insert into mecha_lease_fence (lease_key, token) values (?, 1)", key);
            }
        });
        JdbcLeases purged = (JdbcLeases) leases(backend);

        assertThat(List.of(purged.purge(), purged.purge(), purged.purge())).satisfies(names -> {
            assertThat(names.get(0)).isBetween(LeaseTable.PURGE_ROWS, 2 * LeaseTable.PURGE_ROWS); // rows of both tables
            assertThat(names.get(1)).isPositive();
            assertThat(names.get(2)).isZero();
        });
        assertThat(jdbc.queryForObject("select count(*) from mecha_lease", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void addsItsIndexToTablesThatWereThereBefore() {
        granted(backend, "owner");
        dropIndex();

        JdbcStateOptions never = new JdbcStateOptions(null, null, InitializeSchema.NEVER, null, null, null, null, null);
        try (StateBackend withoutIndex = JdbcStateBackend.create("carts", dataSource(), never, false)) {
            granted(withoutIndex, "owner");
            assertThat(((JdbcLeases) leases(withoutIndex)).purge()).isZero();
        }
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(this::dropIndex);

        granted(other, "owner");
        dropIndex();
    }

    private void dropIndex() {
        String product =
                jdbc.execute((Connection connection) -> connection.getMetaData().getDatabaseProductName());
        jdbc.execute("drop index mecha_lease_token" + ("MariaDB".equals(product) ? " on mecha_lease" : ""));
    }

    private TransactionResult write(Lease lease) {
        return transactions(backend).execute(List.of(new Fence(lease.name(), lease.token()), put("key", "value")));
    }

    private static LeaseResult acquire(StateBackend node, String owner) {
        return leases(node).acquire("name", owner, LONG);
    }

    private static Lease granted(StateBackend node, String owner) {
        return new Lease("name", owner, ((Granted) acquire(node, owner)).token());
    }

    private static Leases leases(StateBackend node) {
        return node.capabilities().find(Leases.class).orElseThrow();
    }

    private static Transactions transactions(StateBackend node) {
        return node.capabilities().find(Transactions.class).orElseThrow();
    }
}
