// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.SpringTransaction;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * Announce changed keys to the listeners of PostgreSQL, after the commit and in the background.
 *
 * <p>{@code NOTIFY} inside of a transaction takes a lock of the whole server at its commit, which makes all writers queue.
 * So keys are collected and sent by one thread on a connection of its own, as many as came up meanwhile in one statement.
 * A notification is a list of keys, one a line; keys have no line breaks. A line of {@value #MISSED} says that some keys
 * were not announced: there were too many, or the server was out of reach, or one key is too long for a notification.
 */
final class Announcer implements AutoCloseable {

    static final String MISSED = "!";

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int CAPACITY = 10_000;
    private static final int AT_ONCE = 1_000;
    private static final int PAYLOAD_BYTES = 7_900;
    private static final long GATHER_MILLIS = 2;
    private static final long IDLE_MILLIS = 500;
    private static final long CLOSE_MILLIS = 2_000;

    private final String store;
    private final DataSourceConnections connections;
    private final SpringTransaction transaction;
    private final String channel;
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(CAPACITY);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean missed;
    private @Nullable Connection connection;

    Announcer(String store, DataSourceConnections connections, SpringTransaction transaction, String channel) {
        this.store = store;
        this.connections = connections;
        this.transaction = transaction;
        this.channel = channel;
    }

    void start() {
        Thread thread = new Thread(this::run, "mecha-state-" + store + "-announce");
        thread.setDaemon(true);
        thread.start();
    }

    /** Announce keys that were or may have been written: now, or once the surrounding transaction has committed. */
    void changed(Collection<String> keys) {
        if (transaction.active()) {
            List<String> later = List.copyOf(keys);
            transaction.onCompletion(status -> {
                if (status != TransactionSynchronization.STATUS_ROLLED_BACK) {
                    enqueue(later);
                }
            });
        } else {
            enqueue(keys);
        }
    }

    private void enqueue(Collection<String> keys) {
        for (String key : keys) {
            if (!waiting.offer(key)) {
                missed = true;
            }
        }
    }

    private void run() {
        try {
            boolean goOn = true;
            while (goOn) {
                goOn = closed.getCount() > 0;
                Set<String> keys = gather(goOn);
                if (!keys.isEmpty() || missed) {
                    send(keys);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
            ended.countDown();
        }
    }

    private Set<String> gather(boolean wait) throws InterruptedException {
        Set<String> keys = new LinkedHashSet<>();
        String first = wait ? waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : waiting.poll();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait ? GATHER_MILLIS : 0);
        for (String key = first; key != null; key = next(keys.size(), deadline)) {
            keys.add(key);
        }
        return keys;
    }

    private @Nullable String next(int gathered, long deadline) throws InterruptedException {
        return gathered < AT_ONCE
                ? waiting.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                : null;
    }

    private void send(Set<String> keys) throws InterruptedException {
        boolean some = missed;
        missed = false;
        List<String> payloads = payloads(keys);
        if (some) {
            payloads.add(MISSED);
        }
        try {
            notify(payloads);
        } catch (SQLException e) {
            LOG.debug("State store '{}' could not announce changes: SQLState {}", store, e.getSQLState());
            missed = true;
            disconnect();
            closed.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void notify(List<String> payloads) throws SQLException {
        Connection current = connection;
        if (current == null) {
            current = connections.connect();
            connection = current;
            current.setAutoCommit(true);
            connections.limit(current);
        }
        try (PreparedStatement statement = current.prepareStatement("select pg_notify(?, p) from unnest(?) as p")) {
            statement.setString(1, channel);
            statement.setArray(2, current.createArrayOf("text", payloads.toArray()));
            statement.execute();
        }
    }

    /** Pack as many keys into each notification as it takes. */
    static List<String> payloads(Collection<String> keys) {
        List<String> payloads = new ArrayList<>();
        StringBuilder payload = new StringBuilder();
        int bytes = 0;
        for (String key : keys) {
            int length = key.getBytes(StandardCharsets.UTF_8).length + 1;
            String line = length > PAYLOAD_BYTES ? MISSED : key;
            bytes += length > PAYLOAD_BYTES ? 2 : length;
            if (bytes > PAYLOAD_BYTES) {
                payloads.add(payload.toString());
                payload.setLength(0);
                bytes = length;
            }
            payload.append(payload.isEmpty() ? "" : "\n").append(line);
        }
        if (!payload.isEmpty()) {
            payloads.add(payload.toString());
        }
        return payloads;
    }

    private void disconnect() {
        Connection current = connection;
        connection = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                LOG.debug("A connection was not given back: SQLState {}", e.getSQLState());
            }
        }
    }

    /** Announce what is left, but do not wait long. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!ended.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("State store '{}' closes while it announces changes", store);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
