// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.redis;

import io.lettuce.core.RedisURI;
import io.mecha.benchmarks.load.CpuMeter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/** A Redis server on a free loopback port that keeps everything in memory. */
public final class RedisProcess implements AutoCloseable {

    private final RedisServer server;
    private final int port;
    private final ProcessHandle process;

    private RedisProcess(RedisServer server, int port, ProcessHandle process) {
        this.server = server;
        this.port = port;
        this.process = process;
    }

    /** Start a server. */
    public static RedisProcess start() throws IOException {
        int port = freePort();
        Set<Long> before = children().map(ProcessHandle::pid).collect(Collectors.toSet());
        RedisServer server = RedisServer.builder()
                .bind("127.0.0.1")
                .port(port)
                .setting("save \"\"")
                .setting("appendonly no")
                .build();
        server.start();
        ProcessHandle process = children()
                .filter(child -> !before.contains(child.pid()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Redis did not stay"));
        return new RedisProcess(server, port, process);
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current().children();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Return where the server listens. */
    public RedisURI uri() {
        return RedisURI.create("127.0.0.1", port);
    }

    /** Return the server's processor time. */
    public CpuMeter cpu() {
        return CpuMeter.ofProcess("redis", process);
    }

    @Override
    public void close() {
        server.stop();
    }
}
