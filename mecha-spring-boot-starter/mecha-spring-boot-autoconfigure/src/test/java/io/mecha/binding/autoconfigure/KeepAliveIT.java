// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs workers in JVMs of their own, which share nothing. */
@Execution(ExecutionMode.CONCURRENT)
class KeepAliveIT {

    private static final int SIGTERM = 143;

    private final List<Process> workers = new ArrayList<>();

    @AfterEach
    void end() {
        workers.forEach(Process::destroyForcibly);
    }

    private Process worker(String parts, String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                parts,
                "--spring.main.web-application-type=none",
                "--spring.main.banner-mode=off",
                "--spring.application.name=worker",
                "--mecha.state.default-type=memory",
                "--mecha.bindings.channels.orders.type=outside"));
        for (String property : properties) {
            command.add("--" + property);
        }
        Process worker = new ProcessBuilder(command).redirectErrorStream(true).start();
        workers.add(worker);
        return worker;
    }

    private static void tell(Process worker, String command) throws IOException {
        BufferedWriter commands = worker.outputWriter();
        commands.write(command + "\n");
        commands.flush();
    }

    /** Reads what the worker prints until a line comes; all of it if none does. */
    private static String read(Process worker, String last) throws IOException {
        StringBuilder output = new StringBuilder();
        BufferedReader lines = worker.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.append(line).append('\n');
            if (line.equals(last)) {
                break;
            }
        }
        return output.toString();
    }

    private static void assertStays(Process worker, String channel) throws IOException {
        assertThat(read(worker, "started")).endsWith("\nstarted\n");
        tell(worker, channel);

        assertThat(read(worker, "handled")).endsWith("handled\n");
    }

    private static String assertEnds(Process worker, int code) throws Exception {
        String output = read(worker, "there is no such line");

        assertThat(worker.waitFor(1, MINUTES)).isTrue();
        assertThat(worker.exitValue()).as(output).isEqualTo(code);
        return output;
    }

    @Test
    void staysForWhatComesFromOutsideUntilItIsTerminated() throws Exception {
        Process worker = worker("Handling,Local,Running");

        assertStays(worker, "local");
        worker.toHandle().destroy(); // SIGTERM; the process itself would close its output, too

        assertThat(assertEnds(worker, SIGTERM)).contains("destroyed");
    }

    @Test
    void staysAfterAnInterrupt() throws Exception {
        Process worker = worker("Handling");

        assertStays(worker, "orders");
        tell(worker, "interrupt");
        assertThat(read(worker, "interrupted")).endsWith("interrupted\n");
        tell(worker, "orders");

        assertThat(read(worker, "handled")).endsWith("handled\n");
        tell(worker, "end");
        assertEnds(worker, 0);
    }

    @Test
    void endsWhenTheContextIsClosed() throws Exception {
        Process worker = worker("Handling");

        assertStays(worker, "orders");
        tell(worker, "close");

        assertThat(assertEnds(worker, 0)).contains("destroyed");
    }

    @Test
    void endsWhenNothingIsReceivedAnyMore() throws Exception {
        Process worker = worker("Handling");

        assertStays(worker, "orders");
        tell(worker, "end");

        assertThat(assertEnds(worker, 0)).contains("destroyed");
    }

    @Test
    void staysForATimer() throws Exception {
        Process worker = worker(
                "Ticking,Local",
                "mecha.bindings.channels.tick.type=timer",
                "mecha.bindings.channels.tick.timer.fixed-rate=1h");

        assertStays(worker, "local");
        worker.toHandle().destroy(); // SIGTERM; the process itself would close its output, too

        assertEnds(worker, SIGTERM);
    }

    @ParameterizedTest
    @CsvSource({
        "Local, mecha.bindings.enabled=true",
        "Letters, mecha.bindings.enabled=true",
        "Handling, mecha.bindings.keep-alive=false",
        "Handling, spring.main.keep-alive=false",
        "Handling, mecha.bindings.channels.orders.in.auto-start=false"
    })
    void endsWhereThereIsNothingToStayFor(String parts, String property) throws Exception {
        assertThat(assertEnds(worker(parts, property), 0)).contains("\nstarted\n", "destroyed");
    }

    @Test
    void obeysItsOwnPropertyFirst() throws Exception {
        Process worker = worker("Handling", "spring.main.keep-alive=false", "mecha.bindings.keep-alive=true");

        assertStays(worker, "orders");
    }

    @Test
    void drainsAndExitsWithTheCodeOfItsRunnersWhenToldSo() throws Exception {
        Process worker = worker("Handling,Running", "mecha.bindings.run-to-completion=true");

        assertThat(assertEnds(worker, 7)).contains("handled", "destroyed");
    }

    @Test
    void exitsWhenTheStartFails() throws Exception {
        assertThat(assertEnds(worker("Handling,Failing"), 1)).doesNotContain("\nstarted\n");
    }
}
