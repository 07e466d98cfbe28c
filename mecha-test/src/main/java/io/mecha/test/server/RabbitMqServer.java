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
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The RabbitMQ that the operating system's packages installed, on a directory, ports and a port mapper of its own.
 *
 * @since 1.0
 */
public final class RabbitMqServer implements AutoCloseable {

    private static final byte[] HELLO = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static @Nullable RabbitMqServer shared;

    private final Path directory;
    private final int port;
    private final int distributionPort;
    private final int mapperPort;
    private final Path server;
    private final Process mapper;
    private Process process;

    private RabbitMqServer(Path directory, Path server, Path mapperCommand) throws IOException {
        this.directory = directory;
        this.server = server;
        List<Integer> ports = freePorts(3);
        this.port = ports.get(0);
        this.distributionPort = ports.get(1);
        this.mapperPort = ports.get(2);
        this.mapper = output(new ProcessBuilder(
                mapperCommand.toString(), "-port", Integer.toString(mapperPort), "-address", "127.0.0.1"));
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        start();
    }

    /**
     * Start a server; without one on this machine the test is skipped, or fails if {@code MECHA_CI} is {@code true}.
     *
     * @param directory an empty directory for everything the server writes
     * @return a server that answers
     * @throws IOException if it cannot be started
     */
    public static RabbitMqServer start(Path directory) throws IOException {
        Path server = find("rabbitmq-server", "/usr/lib/rabbitmq/bin");
        Path mapper = find("epmd", "/usr/bin");
        if (server == null || mapper == null) {
            String reason = "server absent: install the package rabbitmq-server";
            if ("true".equals(System.getenv("MECHA_CI"))) {
                fail(reason);
            }
            return abort(reason);
        }
        return new RabbitMqServer(directory, server, mapper);
    }

    /**
     * Return the server for all tests of this JVM that do not stop it; the first one starts it as {@link #start(Path)} does.
     *
     * @return a server that answers; nobody closes it, it ends with the JVM
     * @throws IOException if it cannot be started
     */
    public static synchronized RabbitMqServer shared() throws IOException {
        RabbitMqServer server = shared;
        if (server == null) {
            Path directory = UntilTheEnd.directory("rabbitmq");
            server = start(directory);
            UntilTheEnd.run(server, directory);
            shared = server;
        }
        return server;
    }

    /**
     * Start the server again after {@link #stop()}.
     *
     * @throws IOException if it cannot be started
     */
    public void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(server.toString());
        builder.environment().putAll(environment());
        process = output(builder);
        Eventually.eventually(PATIENCE, () -> {
            assertThat(process.isAlive()).isTrue();
            assertThat(answers()).isTrue();
        });
    }

    private Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("HOME", directory.toString()),
                Map.entry("RABBITMQ_NODENAME", "mecha" + port + "@localhost"),
                Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distributionPort)),
                Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", directory.resolve("log").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        directory.resolve("plugins").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", directory.resolve("absent").toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
                Map.entry("RABBITMQ_PID_FILE", directory.resolve("pid").toString()),
                // Makes the script replace itself by the server, which then gets our signals.
                Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "-kernel inet_dist_use_interface {127,0,0,1} -rabbit disk_free_limit 1000000"));
    }

    private Process output(ProcessBuilder builder) throws IOException {
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("output").toFile()))
                .start();
    }

    // Before it is ready the server takes connections and does not answer.
    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(HELLO);
            return socket.getInputStream().read() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Return where clients find the server.
     *
     * @return port on the loopback interface; the user is {@code guest}
     */
    public int port() {
        return port;
    }

    /** Stop the server; what is durable is there after {@link #start()}. */
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        mapper.destroy();
    }

    private void kill() {
        process.destroyForcibly();
        mapper.destroyForcibly();
    }

    private static @Nullable Path find(String command, String place) {
        String path = place + File.pathSeparator + System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
