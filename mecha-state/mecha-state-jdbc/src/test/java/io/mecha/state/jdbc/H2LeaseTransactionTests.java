// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class H2LeaseTransactionTests extends LeaseTransactionBehaviour {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static HikariDataSource pool;

    @BeforeAll
    static void start() {
        pool = DataSources.pool("jdbc:h2:mem:leases;DB_CLOSE_DELAY=-1", 16);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    @Nested
    class Calls extends IdempotentCallsBehaviour {

        @Override
        DataSource dataSource() {
            return pool;
        }
    }

    @Test
    void failsAtOnceInATransactionOnAPoolOfOne() {
        try (HikariDataSource one = DataSources.pool("jdbc:h2:mem:one;DB_CLOSE_DELAY=-1", 1)) {
            assertRefusedInATransaction(one, "the pool has only the connection of the transaction");
        }
    }

    @Test
    void failsAtOnceInATransactionOnSqlite(@TempDir Path directory) {
        DataSource sqlite = new DriverManagerDataSource("jdbc:sqlite:" + directory.resolve("app.db"));

        assertRefusedInATransaction(sqlite, "the one writer that SQLite has");
    }

    private static void assertRefusedInATransaction(DataSource dataSource, String reason) {
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        try (StateBackend backend = JdbcStateBackend.create("carts", dataSource, JdbcStateOptions.DEFAULTS, false)) {
            backend.ping();
            Leases leases = backend.capabilities().find(Leases.class).orElseThrow();
            Granted granted = (Granted) leases.acquire("name", "owner", MINUTE);
            Lease lease = new Lease("name", "owner", granted.token());

            transaction.executeWithoutResult(status -> {
                assertThatExceptionOfType(InvalidStateRequestException.class)
                        .isThrownBy(() -> leases.acquire("other", "owner", MINUTE))
                        .withMessageContaining("MECHA-S208")
                        .withMessageContaining(reason);
                assertThatExceptionOfType(InvalidStateRequestException.class)
                        .isThrownBy(() -> leases.renew(Map.of(lease, MINUTE)));
                assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> leases.release(lease));
            });

            assertThat(leases.release(lease)).isTrue();
        }
    }
}
