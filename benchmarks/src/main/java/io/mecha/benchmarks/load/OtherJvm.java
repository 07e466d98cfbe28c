// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a JVM of its own, which tells on standard output where it listens and ends with standard input. */
public final class OtherJvm implements AutoCloseable {

    private static final String LISTENING = "Listening at ";

    private final Process process;
    private final String address;

    private OtherJvm(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Start a server and wait until it listens.
     *
     * @param main class to run
     * @param heap size of the heap, for example {@code 512m}
     * @param arguments of the program
     */
    public static OtherJvm start(Class<?> main, String heap, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC"));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException("The server ended before it listened");
        }
        return new OtherJvm(process, line.substring(LISTENING.length()));
    }

    /** Tell, as the server, where it listens, and return when the parent ends or closes the server. */
    public static void serve(String address) throws IOException {
        System.out.println(LISTENING + address);
        System.out.flush();
        System.setOut(System.err); // nobody reads any more
        while (System.in.read() >= 0) {
            // until the parent ends or closes the pipe
        }
    }

    /** Return what the server told. */
    public String address() {
        return address;
    }

    /** Measure the server's processor time. */
    public CpuMeter cpu(String name) {
        return CpuMeter.ofProcess(name, process.toHandle());
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }
}
