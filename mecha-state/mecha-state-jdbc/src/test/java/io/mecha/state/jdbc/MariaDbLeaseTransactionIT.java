// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.test.server.MariaDbDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

class MariaDbLeaseTransactionIT extends LeaseTransactionBehaviour {

    private static HikariDataSource pool;

    @BeforeAll
    static void start() throws Exception {
        MariaDbDatabase database = MariaDbDatabase.create();
        pool = DataSources.pool(database.url(database.port()), 16);
    }

    @AfterAll
    static void stop() {
        if (pool != null) {
            pool.close();
        }
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
}
