// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.server;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An empty database on the one MariaDB of this JVM, which the first database starts and which ends with the JVM.
 *
 * @since 1.0
 */
public final class MariaDbDatabase {

    private static @Nullable MariaDbServer shared;
    private static int databases;

    private final MariaDbServer server;
    private final String name;

    private MariaDbDatabase(MariaDbServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /**
     * Create a database; without a server on this machine the test is skipped, or fails if {@code MECHA_CI} is {@code true}.
     *
     * @return a database without tables
     * @throws IOException if the server cannot be started
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    public static synchronized MariaDbDatabase create() throws IOException, InterruptedException {
        MariaDbServer server = shared;
        if (server == null) {
            Path directory = UntilTheEnd.directory("mariadb");
            server = MariaDbServer.start(directory);
            UntilTheEnd.run(server, directory);
            shared = server;
        }
        String name = "test" + ++databases;
        server.execute("create database " + name);
        return new MariaDbDatabase(server, name);
    }

    /**
     * Return where the server listens.
     *
     * @return a port on the loopback interface
     */
    public int port() {
        return server.port();
    }

    /**
     * Return where drivers connect.
     *
     * @param port that of the server, or of a proxy before it
     * @return the URL of the database for MariaDB's driver, with the user in it
     */
    public String url(int port) {
        return "jdbc:mariadb://localhost:%d/%s?user=root&connectTimeout=2000".formatted(port, name);
    }
}
