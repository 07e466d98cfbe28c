// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class H2SpringTransactionTests extends SpringTransactionBehaviour {

    private static HikariDataSource pool;

    @BeforeAll
    static void start() {
        pool = DataSources.pool("jdbc:h2:mem:transactions;DB_CLOSE_DELAY=-1", 8);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @Override
    DataSource dataSource() {
        return pool;
    }
}
