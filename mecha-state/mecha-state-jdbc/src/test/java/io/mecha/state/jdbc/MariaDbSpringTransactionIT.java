// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.test.MariaDbServer;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MariaDbSpringTransactionIT extends SpringTransactionBehaviour {

    @TempDir
    static Path directory;

    private static MariaDbServer server;
    private static HikariDataSource pool;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(directory);
        pool = DataSources.pool(server.url(server.port()), 4);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            pool.close();
            server.close();
        }
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    @Override
    boolean snapshotsAreFinal() {
        return false;
    }
}
