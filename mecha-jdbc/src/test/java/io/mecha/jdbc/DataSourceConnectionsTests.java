// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

class DataSourceConnectionsTests {

    @Test
    void reportsAPoolThatFailsAsAServerThatIsAway() {
        IllegalStateException closed = new IllegalStateException("The pool is closed");

        assertThatExceptionOfType(SQLTransientConnectionException.class)
                .isThrownBy(connections(closed)::lend)
                .withMessage("The pool is closed")
                .withCause(closed)
                .returns("08001", SQLException::getSQLState)
                .matches(SqlFailures::isLost);
    }

    @Test
    void keepsTheStateThatAServerReportedToAPool() {
        SQLException refused = new SQLInvalidAuthorizationSpecException("no such user", "28000");

        assertThatExceptionOfType(SQLTransientConnectionException.class)
                .isThrownBy(connections(new IllegalStateException("The pool cannot start", refused))::connect)
                .returns("28000", SQLException::getSQLState);
    }

    private static DataSourceConnections connections(RuntimeException failure) {
        return new DataSourceConnections(new FailingPool(failure), Duration.ofSeconds(30), 30_000);
    }

    private static final class FailingPool extends AbstractDataSource {

        private final RuntimeException failure;

        FailingPool(RuntimeException failure) {
            this.failure = failure;
        }

        @Override
        public Connection getConnection() {
            throw failure;
        }

        @Override
        public Connection getConnection(@Nullable String user, @Nullable String password) {
            throw failure;
        }
    }
}
