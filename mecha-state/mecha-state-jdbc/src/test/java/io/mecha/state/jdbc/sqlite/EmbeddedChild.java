// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.jdbc.EmbeddedStateOptions;
import io.mecha.state.jdbc.JdbcStateBackend;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import io.mecha.test.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Be another process: open a directory, write without end, and print each key once it is acknowledged. */
final class EmbeddedChild {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private EmbeddedChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        int writers = Integer.parseInt(arguments[1]);
        try (StateBackend backend =
                JdbcStateBackend.embedded("carts", Path.of(arguments[0]), EmbeddedStateOptions.DEFAULTS)) {
            System.out.println("open"); // allow SystemOut: the parent reads it
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                String prefix = "writer-" + i + "-";
                threads.add(new Thread(() -> write(backend, prefix)));
            }
            threads.forEach(Thread::start);
            while (System.in.read() >= 0) {
                // until the parent is gone
            }
        } catch (IOException e) {
            System.exit(1);
        }
        System.exit(0);
    }

    private static void write(StateBackend backend, String prefix) {
        for (int n = 0; ; n++) {
            String key = prefix + n;
            Value value = Value.of(key.getBytes(StandardCharsets.UTF_8));
            backend.write(new Mutation.Put(key, value, null, Precondition.NONE));
            System.out.println(key); // allow SystemOut: the parent reads it
        }
    }

    /**
     * Start the process, and wait until it has opened the directory.
     *
     * @param output where to print, which outlives the process
     */
    static Process start(Path directory, int writers, Path output) throws IOException {
        Process process = launch(directory, writers, output);
        Eventually.eventually(PATIENCE, () -> assertThat(lines(output)).startsWith("open"));
        return process;
    }

    /** Start the process, which ends by itself if it cannot open the directory. */
    static Process launch(Path directory, int writers, Path output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedChild.class.getName(),
                        directory.toString(),
                        Integer.toString(writers))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Return the whole lines that were printed so far. */
    static List<String> lines(Path output) {
        try {
            String text = Files.readString(output);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
