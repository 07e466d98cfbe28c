// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.hop;

import io.lettuce.core.RedisURI;
import io.mecha.benchmarks.load.CpuMeter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another JVM that runs {@link HopServer}. */
final class HopProcess implements AutoCloseable {

    private final Process process;
    private final URI uri;

    private HopProcess(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    static HopProcess start(RedisURI redis) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Xms512m",
                        "-Xmx512m",
                        "-XX:+UseG1GC",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        HopServer.class.getName(),
                        Integer.toString(redis.getPort()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String port = output.readLine();
        if (port == null) {
            throw new IOException("The server ended before it listened");
        }
        return new HopProcess(process, URI.create("http://127.0.0.1:" + port + "/"));
    }

    URI uri() {
        return uri;
    }

    CpuMeter cpu() {
        return CpuMeter.ofProcess("hop", process.toHandle());
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }
}
