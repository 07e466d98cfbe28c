// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.test.Outage;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Stand between a driver that sends its statements as text and a server, and misbehave on demand. */
final class FaultyProxy implements Outage, Closeable {

    private static final Pattern BEGIN = Pattern.compile("begin\0|start transaction|set autocommit ?= ?0");
    private static final Pattern COMMIT = Pattern.compile("commit(\0|;|$)");
    private static final Pattern END = Pattern.compile("rollback|set autocommit ?= ?1");
    private static final int INSPECTED = 1 << 16;
    private static final Pattern STATEMENT = Pattern.compile(
            "(insert into|update|delete from) mecha_(state|lease)|select state_value|select state_key, state_val");
    private static final Pattern BACKGROUND =
            Pattern.compile("\\|\\|mecha\\|\\|purge|7c7c6d656368617c7c7075726765|skip locked\\)\\) and|with idle as"
                    + "|order by expires_at|1 = 0");

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Mode mode = Mode.PASS;
    private volatile CountDownLatch stalled = new CountDownLatch(0);

    private enum Mode {
        PASS,
        CUT,
        CUT_AFTER_WRITE
    }

    FaultyProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Return how many connections were ever opened. */
    int accepted() {
        return accepted.get();
    }

    @Override
    public void cut() {
        mode = Mode.CUT;
        sockets.forEach(FaultyProxy::close);
    }

    @Override
    public void stall() {
        stalled = new CountDownLatch(1);
    }

    @Override
    public void cutDuring(Runnable call) {
        mode = Mode.CUT_AFTER_WRITE;
        call.run();
    }

    @Override
    public void restore() {
        mode = Mode.PASS;
        stalled.countDown();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (mode == Mode.CUT) {
                    close(client);
                    continue;
                }
                accepted.incrementAndGet();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(upstream);
                daemon(() -> pumpRequests(client, upstream));
                daemon(() -> pumpAnswers(upstream, client));
            } catch (IOException e) {
                // the server is restarting, or this proxy was closed
            }
        }
    }

    private void pumpRequests(Socket from, Socket to) {
        boolean inTransaction = false;
        byte[] buffer = new byte[1 << 20];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                String text = new String(buffer, 0, Math.min(count, INSPECTED), StandardCharsets.ISO_8859_1)
                        .toLowerCase(Locale.ROOT);
                inTransaction |= BEGIN.matcher(text).find();
                boolean commit = COMMIT.matcher(text).find();
                boolean last =
                        (commit || (!inTransaction && STATEMENT.matcher(text).find()))
                                && !BACKGROUND.matcher(text).find();
                boolean cut = mode == Mode.CUT_AFTER_WRITE && last;
                if (cut) {
                    mode = Mode.CUT;
                    sockets.remove(to);
                }
                out.write(buffer, 0, count);
                out.flush();
                if (cut) {
                    to.shutdownOutput();
                    cut();
                }
                inTransaction &= !commit && !END.matcher(text).find();
            }
        } catch (IOException e) {
            // one side is gone
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void pumpAnswers(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                stalled.await();
                if (mode == Mode.CUT) {
                    return;
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // one side is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "faulty-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
