// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Servers that are stopped, and directories that are removed, when the JVM ends. */
final class UntilTheEnd {

    private UntilTheEnd() {}

    static Path directory(String name) throws IOException {
        return Files.createTempDirectory("mecha-" + name);
    }

    static void run(AutoCloseable server, Path directory) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try (server) {
                // only to be closed
            } catch (Exception e) {
                throw new IllegalStateException("A server of the tests could not be stopped", e);
            } finally {
                remove(directory);
            }
        }));
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
