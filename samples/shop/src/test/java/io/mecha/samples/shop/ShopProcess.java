// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.test.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged shop in a JVM of its own, on a free port. */
final class ShopProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target", "shop.jar");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern OPEN = Pattern.compile("(http://localhost:\\d+)/actuator/mecha");

    private final Process process;
    private final Path output;
    private final Thread lastResort;

    private ShopProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
        this.lastResort = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Starts a shop that keeps its files in a directory; arguments that begin with {@code -D} are for the JVM. */
    static ShopProcess start(Path directory, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        List.of(arguments).stream().filter(it -> it.startsWith("-D")).forEach(command::add);
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString(), "--server.port=0"));
        List.of(arguments).stream().filter(it -> !it.startsWith("-D")).forEach(command::add);
        try {
            Path output = Files.createTempFile(directory, "output", ".log");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            ShopProcess shop = new ShopProcess(process, output);
            shop.awaitOpening();
            return shop;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void awaitOpening() {
        try {
            Eventually.eventually(PATIENCE, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("The shop did not open: " + output());
                }
                assertThat(output()).containsPattern(OPEN);
            });
        } catch (RuntimeException | Error failure) {
            kill();
            throw failure;
        }
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the lines with curl that the shop printed. */
    List<String> advice() {
        return output().lines().filter(line -> line.startsWith("curl ")).toList();
    }

    ShopClient client() {
        Matcher open = OPEN.matcher(output());
        assertThat(open.find()).isTrue();
        return new ShopClient(open.group(1));
    }

    /** Stops as Ctrl+C does. */
    @Override
    public void close() {
        process.destroy();
        await();
    }

    /** Stops without a chance to put anything in order. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
