// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.test.server.MariaDbDatabase;
import io.mecha.test.server.PostgresDatabase;
import java.io.IOException;
import org.junit.jupiter.api.Nested;

class PoolOfOneIT {

    @Nested
    class Postgres extends PoolOfOne {

        private final PostgresDatabase database = PostgresDatabase.create();

        @Override
        String url() {
            return database.url(database.port());
        }
    }

    @Nested
    class MariaDb extends PoolOfOne {

        private final MariaDbDatabase database;

        MariaDb() throws IOException, InterruptedException {
            database = MariaDbDatabase.create();
        }

        @Override
        String url() {
            return database.url(database.port());
        }
    }
}
