// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Check that no call waits for a lock for longer than the timeout and what drivers add to it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@Isolated("its statements have one second each")
class StatementTimeoutIT {

    private static final JdbcStateOptions OPTIONS =
            new JdbcStateOptions(null, null, null, null, Duration.ofSeconds(1), null, null, null);

    private static PostgresServer server;

    private StateBackend backend;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() {
        backend = JdbcStateBackend.create("carts", server.first(), OPTIONS, true);
        put("key");
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void endsAReadThatWaitsForALockedTable() throws SQLException {
        try (Connection other = locking("lock table mecha_state in access exclusive mode")) {
            assertThatExceptionOfType(StateUnavailableException.class)
                    .isThrownBy(() -> backend.read("key"))
                    .satisfies(failure -> assertThat(failure.mayHaveHappened()).isFalse());
            other.rollback();
        }

        assertThat(backend.read("key")).isNotNull();
    }

    @Test
    void endsAWriteThatWaitsForALockedRowAndKeepsTheConnection() throws SQLException {
        try (Connection other = locking("select * from mecha_state for update")) {
            assertCancelled(() -> put("key"));
            other.rollback();
        }

        put("key");
        assertThat(backend.read("key")).isNotNull();
    }

    @Test
    void endsAReadInATransactionAndKeepsTheConnection() throws SQLException {
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(server.first()));
        try (Connection other = locking("lock table mecha_state in access exclusive mode")) {
            transaction.executeWithoutResult(status -> {
                assertCancelled(() -> backend.read("key"));
                status.setRollbackOnly();
            });
            other.rollback();
        }
    }

    private static void assertCancelled(ThrowingCallable call) {
        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(call)
                .havingCause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        cause -> assertThat(cause.getSQLState())
                                .as("cancelled, not cut off")
                                .isEqualTo("57014"));
    }

    private static Connection locking(String sql) throws SQLException {
        Connection connection = server.direct().getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return connection;
    }

    private void put(String key) {
        backend.write(new Mutation.Put(key, Value.of(new byte[] {1}), null, Precondition.NONE));
    }
}
