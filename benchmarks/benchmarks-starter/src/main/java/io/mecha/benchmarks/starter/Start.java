// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The cost of one start, up to the answer to a first request.
 *
 * @param cpu processor time of the process in ms
 * @param resident memory of the process in MB
 * @param heap what is left of the heap after a collection, in MB
 * @param other what else the JVM uses by its own account, in MB: classes and compiled code
 * @param classes that were loaded
 * @param threads that run
 */
record Start(double cpu, double resident, double heap, double other, double classes, double threads) {

    private static final double MEGA = 1_000_000;

    /** Start an application in a JVM and a directory of its own, ask it, and stop it. */
    static Start of(List<String> options, String classPath, String application, Path directory)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", classPath, application, "--server.port=0"));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            request(answer(output, Measured.READY));
            double cpu = ticks(process) * 10.0;
            double resident = resident(process);
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String[] kept = answer(output, Measured.KEPT).split(" ", -1);
            process.getOutputStream().close();
            while (output.readLine() != null) {
                // until it ends
            }
            return new Start(
                    cpu,
                    resident,
                    Long.parseLong(kept[0]) / MEGA,
                    Long.parseLong(kept[1]) / MEGA,
                    Long.parseLong(kept[2]),
                    Long.parseLong(kept[3]));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static void request(String port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/orders"))
                .timeout(Duration.ofSeconds(30))
                .build();
        int status = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status != 200) {
            throw new IllegalStateException("The application answered " + status);
        }
    }

    private static String answer(BufferedReader output, String begin) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(begin)) {
                return line.substring(begin.length());
            }
            seen.append(line).append('\n');
        }
        throw new IllegalStateException("The application ended:\n" + seen);
    }

    /** Return user and system time in hundredths of a second; see proc(5). */
    private static long ticks(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static double resident(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1_000.0;
    }
}
