// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mecha.test.Eventually;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The MariaDB that the operating system's packages installed, on a directory and a port of its own. */
final class MariaDbServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port;
    private final Process process;

    private MariaDbServer(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Start a server; without one on this machine the test is skipped, or fails if {@code MECHA_CI} is {@code true}.
     *
     * @param directory an empty directory for everything the server writes
     * @return a server
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    static MariaDbServer start(Path directory) throws IOException, InterruptedException {
        Path server = find("mariadbd");
        Path installer = find("mariadb-install-db");
        if (server == null || installer == null) {
            String reason = "server absent: install the package mariadb-server";
            if ("true".equals(System.getenv("MECHA_CI"))) {
                fail(reason);
            }
            return abort(reason);
        }
        run(
                directory,
                asRoot(List.of(
                        installer.toString(),
                        "--no-defaults",
                        "--auth-root-authentication-method=normal",
                        "--datadir=" + directory)));
        int port = freePort();
        Process process = new ProcessBuilder(asRoot(List.of(
                        server.toString(),
                        "--no-defaults",
                        "--datadir=" + directory,
                        "--socket=" + directory.resolve("socket"),
                        "--pid-file=" + directory.resolve("pid"),
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--max-allowed-packet=64M",
                        "--innodb-flush-log-at-trx-commit=2",
                        "--max-connections=400",
                        "--innodb-log-file-size=64M")))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new MariaDbServer(port, process);
    }

    int port() {
        return port;
    }

    /** Run a statement as soon as the server answers. */
    void execute(String sql) {
        Eventually.eventually(PATIENCE, () -> {
            assertThat(process.isAlive()).isTrue();
            try (Connection connection =
                            DriverManager.getConnection("jdbc:mariadb://localhost:%d/?user=root".formatted(port));
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static @Nullable Path find(String command) {
        String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/usr/bin";
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static List<String> asRoot(List<String> command) {
        List<String> all = new ArrayList<>(command);
        if ("root".equals(System.getProperty("user.name"))) {
            all.add("--user=root");
        }
        return all;
    }

    private static void run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path log = directory.resolve("install.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> read(log)).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Stop the server; what it wrote stays. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
