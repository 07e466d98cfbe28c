// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SqliteBindingBackendTests extends JdbcContract {

    @TempDir
    private static Path directory;

    private static Nodes nodes;

    @BeforeAll
    static void start() {
        String url = "jdbc:sqlite:" + directory.resolve("test.db") + "?journal_mode=WAL&busy_timeout=5000";
        nodes = Nodes.of(url, url);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Override
    protected String adapter() {
        return "jdbc-sqlite";
    }

    @Override
    Nodes nodes() {
        return nodes;
    }
}
