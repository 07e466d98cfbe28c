// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.benchmarks.load.CpuMeter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server on a free loopback port that flushes every commit, as one that matters does.
 *
 * <p>The embedded server is made for tests, which do not care: its defaults switch off what makes commits durable.
 */
public final class PostgresProcess implements AutoCloseable {

    // Below the working directory, because temporary directories are often in memory, where flushing is free.
    private static final Path PARENT = Path.of("target");
    private static final String ON = "on";

    private final EmbeddedPostgres postgres;
    private final ProcessHandle process;

    private PostgresProcess(EmbeddedPostgres postgres, ProcessHandle process) {
        this.postgres = postgres;
        this.process = process;
    }

    /** Start a server with an empty database. */
    public static PostgresProcess start() throws IOException {
        Files.createDirectories(PARENT);
        Path directory = Files.createTempDirectory(PARENT, "postgresql").toAbsolutePath();
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(true)
                .setServerConfig("fsync", ON)
                .setServerConfig("synchronous_commit", ON)
                .setServerConfig("shared_buffers", "256MB")
                .start();
        long pid = Long.parseLong(
                Files.readAllLines(directory.resolve("postmaster.pid")).get(0).strip());
        return new PostgresProcess(postgres, ProcessHandle.of(pid).orElseThrow());
    }

    /** Open a pool that keeps all its connections open. */
    public HikariDataSource pool(int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    /** Tell what decides how long a commit takes. */
    public String settings() throws SQLException {
        List<String> settings = new ArrayList<>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String name : List.of("server_version", "fsync", "synchronous_commit", "wal_sync_method")) {
                try (ResultSet row = statement.executeQuery("show " + name)) {
                    row.next();
                    settings.add(name + "=" + row.getString(1));
                }
            }
        }
        return String.join(", ", settings);
    }

    /** Measure the processor time of all its processes. */
    public CpuMeter cpu() {
        return CpuMeter.ofProcess("postgresql", process);
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
