// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

class PostgresLeaseTransactionIT extends LeaseTransactionBehaviour {

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
    DataSource dataSource() {
        return server.first();
    }

    @Nested
    class Calls extends IdempotentCallsBehaviour {

        @Override
        DataSource dataSource() {
            return server.first();
        }
    }
}
