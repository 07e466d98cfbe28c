// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.state.jdbc.Writes.text;
import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.SurroundingTransaction;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresStateBackendIT extends ServerContract {

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected String adapter() {
        return "jdbc-postgresql";
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, SurroundingTransaction.class, ChangeNotifications.class);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new PooledOutage(server.proxy(), List.of(server.first(), server.second())));
    }

    @Override
    DataSource first() {
        return server.first();
    }

    @Override
    DataSource second() {
        return server.second();
    }

    @Override
    DataSource direct() {
        return server.direct();
    }

    @Test
    void boundsReadsWithoutTheDriversTimer() {
        CountingDataSource counting = new CountingDataSource(server.direct());
        try (StateBackend backend = JdbcStateBackend.create("carts", counting, OPTIONS, false)) {
            backend.write(put("key", "value"));
            counting.take();

            backend.read("key");
            backend.readAll(List.of("key", "other"));

            assertThat(counting.take()).doesNotContain("timeout");
            backend.write(put("key", "value"));
            assertThat(counting.take()).contains("timeout");
        }
    }

    @Test
    void boundsReadsWithTheDriversTimerWhenTheNetworkCannot() {
        CountingDataSource counting = new CountingDataSource(server.direct(), false);
        try (StateBackend backend = JdbcStateBackend.create("carts", counting, OPTIONS, false)) {
            backend.write(put("key", "value"));
            counting.take();

            backend.read("key");

            assertThat(counting.take()).contains("timeout");
        }
    }

    @Test
    void failsInTimeWhenTheTableIsLocked() throws Exception {
        try (StateBackend backend = backend()) {
            backend.write(put("key", "value"));

            try (Connection connection = server.direct().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table mecha_state in access exclusive mode");
                long start = System.nanoTime();
                assertThatThrownBy(() -> backend.read("key")).isInstanceOf(StateUnavailableException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
                connection.rollback();
            }

            eventually(
                    Duration.ofSeconds(20),
                    () -> assertThat(text(backend, "key")).isEqualTo("value"));
        }
    }
}
