// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy between a client and a server that talk over TCP, which breaks the way between them on demand.
 *
 * <p>Listens on a free port of the loopback interface.
 *
 * @since 1.0
 */
public final class TcpProxy implements Outage, AutoCloseable {

    private enum Mode {
        OPEN,
        CUT,
        STALLED,
        FROZEN,
        LOSING_ANSWERS
    }

    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int BUFFER = 65_536;
    private static final int BACKLOG = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private volatile int target;
    private final Map<Socket, Socket> clients = new ConcurrentHashMap<>();
    private volatile Mode mode = Mode.OPEN;
    private final ServerSocket door;

    /**
     * Open the way to a server.
     *
     * @param target port of the server on the loopback interface
     */
    public TcpProxy(int target) {
        this.target = target;
        try {
            door = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> accept(door));
    }

    /**
     * Return where clients find the server.
     *
     * @return port on the loopback interface
     */
    public int port() {
        return door.getLocalPort();
    }

    /**
     * Lead to another server from the next connection on.
     *
     * @param port port of the server on the loopback interface
     */
    public void target(int port) {
        target = port;
    }

    /** End the connections as a server does that goes, and wait until the clients have seen it. */
    @Override
    public void cut() {
        mode = Mode.CUT;
        Eventually.eventually(PATIENCE, () -> {
            clients.keySet().forEach(TcpProxy::end);
            assertThat(clients).isEmpty();
        });
    }

    private static void end(Socket client) {
        try {
            if (!client.isOutputShutdown()) {
                client.shutdownOutput();
            }
        } catch (IOException e) {
            closeQuietly(client);
        }
    }

    @Override
    public void stall() {
        mode = Mode.STALLED;
    }

    /** Keep connections open, but let nothing through in either direction, as if the client stood still, until {@link #restore()}. */
    public void freeze() {
        mode = Mode.FROZEN;
    }

    @Override
    public void cutDuring(Runnable call) {
        mode = Mode.LOSING_ANSWERS;
        try {
            call.run();
        } finally {
            cut();
        }
    }

    @Override
    public void restore() {
        mode = Mode.OPEN;
    }

    private void accept(ServerSocket open) {
        try {
            while (true) {
                Socket client = open.accept();
                if (mode == Mode.CUT) {
                    closeQuietly(client);
                } else {
                    connect(client);
                }
            }
        } catch (IOException e) {
            closeQuietly(open);
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            clients.put(client, server);
            start(() -> pump(client, server, false));
            start(() -> pump(server, client, true));
        } catch (IOException e) {
            closeQuietly(client); // the server is not there
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            int count = input.read(buffer);
            while (count >= 0) {
                while (holds(answers) && !to.isClosed()) {
                    Eventually.letPass(PAUSE);
                }
                if (answers && mode == Mode.LOSING_ANSWERS) {
                    to.shutdownOutput();
                } else if (mode != Mode.CUT) {
                    output.write(buffer, 0, count);
                }
                count = input.read(buffer);
            }
        } catch (IOException e) {
            // The other direction ends as well.
        }
        closeQuietly(from);
        closeQuietly(to);
        clients.remove(answers ? to : from);
    }

    private boolean holds(boolean answers) {
        return mode == Mode.FROZEN || (answers && mode == Mode.STALLED);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "mecha-tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }

    @Override
    public void close() {
        cut();
        closeQuietly(door);
    }
}
