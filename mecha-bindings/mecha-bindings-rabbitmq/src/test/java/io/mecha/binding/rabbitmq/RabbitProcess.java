// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import io.mecha.test.Eventually;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Run the RabbitMQ that the operating system's packages installed, on a directory and a port mapper of its own. */
final class RabbitProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path directory;
    private final int port;
    private final int distributionPort;
    private final int mapperPort;
    private final Path server;
    private final Process mapper;
    private Process process;

    private RabbitProcess(Path directory, Path server, Path mapperCommand) throws IOException {
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

    /** Start a server, or say that there is none. */
    static RabbitProcess start(Path directory) throws IOException {
        Path server = find("rabbitmq-server", "/usr/lib/rabbitmq/bin");
        Path mapper = find("epmd", "/usr/bin");
        if (server == null || mapper == null) {
            String reason = "server absent: install the package rabbitmq-server";
            if ("true".equals(System.getenv("MECHA_CI"))) {
                fail(reason);
            }
            abort(reason);
        }
        return new RabbitProcess(directory, server, mapper);
    }

    /** Start the server again after {@link #stop()}. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(server.toString());
        builder.environment().putAll(environment());
        process = output(builder);
        Eventually.eventually(PATIENCE, () -> {
            assertThat(process.isAlive()).isTrue();
            try {
                factory(port).newConnection().close();
            } catch (IOException | TimeoutException e) {
                throw new AssertionError(e);
            }
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

    int port() {
        return port;
    }

    RabbitServer connect(int port) {
        return new RabbitServer(factory(port), List.of(new Address("127.0.0.1", port)), "test", Duration.ofSeconds(3));
    }

    private static ConnectionFactory factory(int port) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setConnectionTimeout(2_000);
        factory.setHandshakeTimeout(4_000);
        return factory;
    }

    /** Stop the server; what is durable is there after {@link #start()}. */
    void stop() {
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

    private static Path find(String command, String place) {
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
