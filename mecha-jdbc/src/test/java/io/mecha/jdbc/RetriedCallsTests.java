// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetriedCallsTests {

    private final SQLException undone = new SQLException("deadlock", "40001");
    private final SQLException refused = new SQLException("duplicate", "23505");
    private final SQLException lost = new SQLException("lost", "08006");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Object live = new Object();
    private final AtomicInteger checks = new AtomicInteger();
    private final Guard<Object> guard = new Guard<>("carts", PATIENCE, live, () -> {
        checks.incrementAndGet();
        return live;
    });
    private final RetriedCalls<Object> calls = new RetriedCalls<>(guard);
    private final List<FakeUse> uses = new ArrayList<>();
    private boolean joined;

    @AfterEach
    void close() {
        guard.close();
    }

    private final class FakeUse implements RetriedCalls.Use {

        private boolean closed;

        @Override
        public boolean joined() {
            return joined;
        }

        @Override
        public boolean isTransient(SQLException failure) {
            return Database.POSTGRESQL.isTransient(failure);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private FakeUse open(Object known) {
        assertThat(known).isSameAs(live);
        assertThat(uses).as("connections that other attempts still have").allMatch(use -> use.closed);
        uses.add(new FakeUse());
        return uses.get(uses.size() - 1);
    }

    private String failing(int times, SQLException failure) throws SQLException {
        return calls.run(
                this::open,
                use -> {
                    if (uses.size() <= times) {
                        throw failure;
                    }
                    return "done";
                },
                (last, use) -> last);
    }

    @Test
    void runsAgainWhatWasUndone() throws SQLException {
        assertThat(failing(3, undone)).isEqualTo("done");
        assertThat(uses).hasSize(4).allMatch(use -> use.closed);
    }

    @Test
    void runsAgainABatchThatWasUndone() throws SQLException {
        SQLException batch = new BatchUpdateException("insert into t values ('secret')", "HY000", new int[0]);
        batch.setNextException(undone);

        assertThat(failing(1, batch)).isEqualTo("done");
    }

    @Test
    void givesUpAfterTenAttempts() {
        assertThatThrownBy(() -> failing(100, undone)).isSameAs(undone);
        assertThat(uses).hasSize(10).allMatch(use -> use.closed);
    }

    @Test
    void runsOnceWhatTheDatabaseRefuses() {
        assertThatThrownBy(() -> failing(100, refused)).isSameAs(refused);
        assertThat(uses).hasSize(1);
    }

    @Test
    void runsOnceInATransactionOfTheApplication() {
        joined = true;

        assertThatThrownBy(() -> failing(100, undone)).isSameAs(undone);
        assertThat(uses).hasSize(1);
    }

    @Test
    void translatesTheLastFailure() {
        assertThatThrownBy(() -> calls.run(
                        this::open,
                        use -> {
                            throw refused;
                        },
                        (last, use) -> new IllegalStateException(last)))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(refused);
    }

    @Test
    void hasTheConnectionCheckedThatWasLost() {
        assertThatThrownBy(() -> failing(100, lost)).isSameAs(lost);

        eventually(PATIENCE, () -> assertThat(checks).hasValue(1));
        assertThat(uses).hasSize(1);
    }
}
