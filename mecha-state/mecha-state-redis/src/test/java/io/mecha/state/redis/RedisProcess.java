// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.mecha.test.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisExecProvider;

/** A real Redis server on a free port of the loopback interface, that can be stopped and started again. */
final class RedisProcess implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";

    private final List<String> command = new ArrayList<>();
    private final Path directory;
    private final int port;
    private @Nullable Process process;

    private RedisProcess(List<String> arguments) {
        this.port = freePort();
        try {
            this.directory = Files.createTempDirectory("mecha-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.add(binary());
        command.addAll(arguments);
    }

    /** Start a server without persistence. */
    static RedisProcess server(String... more) {
        RedisProcess server = new RedisProcess(List.of("--save", "", "--appendonly", "no"));
        server.command.addAll(Arrays.asList(more));
        return server.start();
    }

    /** Start a sentinel that watches a master under the name {@code main}. */
    static RedisProcess sentinel(int masterPort) {
        RedisProcess sentinel = new RedisProcess(List.of());
        Path file = sentinel.directory.resolve("sentinel.conf");
        try {
            Files.writeString(file, """
                    sentinel monitor main %s %d 1
                    sentinel down-after-milliseconds main 500
                    sentinel failover-timeout main 3000
                    """.formatted(LOOPBACK, masterPort));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sentinel.command.add(file.toString());
        sentinel.command.add("--sentinel");
        return sentinel.start();
    }

    private static String binary() {
        try {
            return RedisExecProvider.defaultProvider().get().getAbsolutePath();
        } catch (IOException | RuntimeException e) {
            assumeTrue("true".equals(System.getenv("MECHA_CI")), "server absent: no Redis binary for this machine");
            throw new IllegalStateException("No Redis binary for this machine", e);
        }
    }

    /** Choose a port below those that the system gives to clients; the bus of a cluster listens 10,000 above. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 22_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: try another.
            }
        }
    }

    RedisProcess start() {
        List<String> complete = new ArrayList<>(command);
        complete.addAll(List.of("--port", Integer.toString(port), "--bind", LOOPBACK, "--dir", directory.toString()));
        try {
            process = new ProcessBuilder(complete)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.eventually(
                PATIENCE, () -> assertThat(answers()).as(this::log).isTrue());
        return this;
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Take away where the server saves to. */
    void loseDirectory() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stop the process where it is, as a machine that hangs does, or let it go on. */
    void pause(boolean paused) {
        try {
            String signal = paused ? "-STOP" : "-CONT";
            long pid = Objects.requireNonNull(process).pid();
            assertThat(new ProcessBuilder("kill", signal, Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
    }

    String host() {
        return LOOPBACK;
    }

    RedisURI uri() {
        return RedisURI.create(LOOPBACK, port);
    }

    /** Talk to the server as redis-cli would. */
    <T> T cli(Function<RedisCommands<String, String>, T> action) {
        RedisClient client = RedisClient.create(uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return action.apply(connection.sync());
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    void stop() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        process = null;
    }

    @Override
    public void close() {
        stop();
    }
}
