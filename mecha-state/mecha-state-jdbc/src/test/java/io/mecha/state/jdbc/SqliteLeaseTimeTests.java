// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.LocalClock;
import io.mecha.jdbc.lease.LeaseTable;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Table;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.test.TestClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLeaseTimeTests {

    private static final Instant LONG_AGO = Instant.parse("2000-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    @Test
    void isThatOfTheMachineWhereJvmsShareTheFile() throws SQLException {
        LocalClock local = LocalClock.of(new TestClock(LONG_AGO));
        try (HikariDataSource pool = DataSources.pool("jdbc:sqlite:" + directory.resolve("state.db"), 1);
                Connection connection = pool.getConnection()) {
            LeaseTable shared = leases(local, null);
            shared.ensure(connection, true);

            assertThat(shared.acquire(connection, "shared", "one", HOUR))
                    .isInstanceOfSatisfying(
                            Granted.class,
                            granted -> assertThat(granted.token()).isGreaterThan(micros(LONG_AGO.plus(HOUR))));
            assertThat(shared.acquire(connection, "shared", "other", HOUR)).isInstanceOf(Held.class);
            assertThat(leases(local, local).acquire(connection, "own", "one", HOUR))
                    .isInstanceOfSatisfying(
                            Granted.class,
                            granted -> assertThat(granted.token()).isEqualTo(micros(LONG_AGO)));
        }
    }

    @Test
    void forgetsNamesInPortionsByAnIndexThatOldTablesGet() throws SQLException {
        TestClock clock = new TestClock(LONG_AGO);
        LocalClock local = LocalClock.of(clock);
        try (HikariDataSource pool = DataSources.pool("jdbc:sqlite:" + directory.resolve("purge.db"), 1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            LeaseTable table = leases(local, local);
            table.ensure(connection, true);
            statement.execute("drop index mecha_lease_token");
            table.ensure(connection, false);
            for (int i = 0; i < LeaseTable.PURGE_ROWS + 10; i++) {
                table.acquire(connection, "idle-" + i, "owner", HOUR);
            }
            clock.advance(Duration.ofDays(7).plus(HOUR));
            table.acquire(connection, "held", "owner", HOUR);
            table.ensure(connection, true);

            assertThat(table.purge(connection)).isEqualTo(LeaseTable.PURGE_ROWS);
            assertThat(table.purge(connection)).isEqualTo(10);
            assertThat(table.purge(connection)).isZero();
            statement.execute("drop index mecha_lease_token");
        }
    }

    private static LeaseTable leases(LocalClock clock, @Nullable LocalClock clockOfLeases) {
        return Dialect.of(Database.SQLITE, new Table(Table.DEFAULT_NAME), clock, clockOfLeases)
                .leases();
    }

    private static long micros(Instant instant) {
        return TimeUnit.MILLISECONDS.toMicros(instant.toEpochMilli());
    }
}
