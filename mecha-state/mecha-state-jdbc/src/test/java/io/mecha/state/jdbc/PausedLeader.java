// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.coordination.ElectionOptions;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.StepDownReason;
import io.mecha.coordination.engine.Coordination;
import io.mecha.state.Precondition;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A leader in a process of its own, which goes on to write with its first token whatever has happened since. */
final class PausedLeader implements AutoCloseable {

    static final String NAME = "report";
    static final String KEY = "written by";
    static final ElectionOptions OPTIONS = ElectionOptions.defaults().lease(Duration.ofSeconds(1));

    private static final OutputStream ANSWERS = new FileOutputStream(FileDescriptor.out);

    private final Process process;
    private final BufferedWriter commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private PausedLeader(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "paused-leader");
        reader.setDaemon(true);
        reader.start();
    }

    static PausedLeader start(String url) throws IOException {
        return new PausedLeader(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PausedLeader.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("> ")) { // and not of a logger
                    answers.add(line.substring(2));
                }
            }
        } catch (IOException ended) {
            answers.add("ended");
        }
    }

    /** Returns what it says next. */
    @Nullable String next() throws InterruptedException {
        return answers.poll(1, TimeUnit.MINUTES);
    }

    /** Has it write once, and returns what became of it. */
    @Nullable String write() throws IOException, InterruptedException {
        commands.write("write\n");
        commands.flush();
        return next();
    }

    /** Sends it a signal, by name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("No process to pause");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        HikariDataSource pool = DataSources.pool(arguments[0], 4);
        StateBackend backend = JdbcStateBackend.create("carts", pool, JdbcStateOptions.DEFAULTS, false);
        Transactions transactions =
                backend.capabilities().find(Transactions.class).orElseThrow();
        Coordination node = Coordination.builder("carts", "jdbc", "", backend.capabilities())
                .build();
        BlockingQueue<FencingToken> elected = new LinkedBlockingQueue<>();
        node.elections().join(NAME, listener(elected), OPTIONS);
        FencingToken token = elected.take();
        say("leads");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            try {
                say(transactions.execute(write(token, "paused")).committed() ? "written" : "refused");
            } catch (RuntimeException failure) { // allow CatchException: what it was is told
                say(failure.toString());
            }
        }
    }

    static List<Operation> write(FencingToken token, String by) {
        return List.of(
                new Fence(token.lease(), token.value()),
                new Mutation.Put(KEY, Value.of(by.getBytes(StandardCharsets.UTF_8)), null, new Precondition.None()));
    }

    static LeaderListener listener(BlockingQueue<FencingToken> elected) {
        return new LeaderListener() {
            @Override
            public void onElected(Leadership leadership) {
                elected.add(leadership.token());
            }

            @Override
            public void onStepDown(Leadership leadership, StepDownReason reason) {
                // It goes on, as one does that has not heard of it.
            }
        };
    }

    private static void say(String text) throws IOException {
        ANSWERS.write(("> " + text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
