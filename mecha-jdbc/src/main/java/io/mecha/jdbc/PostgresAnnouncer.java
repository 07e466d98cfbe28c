// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.runtime.BackgroundLoop;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that sends notifications of PostgreSQL, as many as came up meanwhile in one statement.
 *
 * <p>A notification is a list of lines. A line of {@value PostgresListener#MISSED} says that some were not announced: there
 * were too many, or the server was out of reach, or one is too long for a notification.
 */
final class PostgresAnnouncer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresAnnouncer.class);
    private static final String NOTIFY = "select pg_notify(c, p) from unnest(?, ?) as n(c, p)";
    private static final int CAPACITY = 10_000;
    private static final int AT_ONCE = 1_000;
    private static final int PAYLOAD_BYTES = 7_900;
    private static final Duration GATHER = Duration.ofMillis(2);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final DataSourceConnections connections;
    private final Set<Line> waiting = ConcurrentHashMap.newKeySet();
    private final Set<String> missed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger size = new AtomicInteger();
    private final BackgroundLoop loop =
            new BackgroundLoop("mecha-jdbc-announce", Duration.ZERO, this::send, this::send);

    PostgresAnnouncer(DataSourceConnections connections) {
        this.connections = connections;
    }

    private record Line(String channel, String text) {}

    void announce(String channel, Collection<String> lines) {
        for (String text : lines) {
            if (size.get() >= CAPACITY) {
                missed.add(channel);
            } else if (waiting.add(new Line(channel, text))) {
                size.incrementAndGet();
            }
        }
        loop.wake();
        loop.start();
    }

    /** Sends until nothing is left; at the end it does not try again. */
    private Duration send() {
        while (!waiting.isEmpty() || !missed.isEmpty()) {
            Map<String, List<String>> lines = take();
            try {
                connections.<Boolean>exchange(connection -> notify(connection, lines));
                boolean unused = loop.closedWithin(GATHER);
            } catch (SQLException | RuntimeException | Error e) { // what is lost is told as missed
                LOG.debug("Changes were not announced to other nodes", e);
                missed.addAll(lines.keySet());
                if (loop.closedWithin(RETRY)) {
                    waiting.clear();
                    missed.clear();
                }
            }
        }
        return BackgroundLoop.UNTIL_WOKEN;
    }

    private Map<String, List<String>> take() {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        int taken = 0;
        for (Iterator<Line> all = waiting.iterator(); all.hasNext() && taken < AT_ONCE; taken++) {
            Line line = all.next();
            all.remove(); // before it is sent: another announcement from now on is sent again
            lines.computeIfAbsent(line.channel(), missing -> new ArrayList<>()).add(line.text());
        }
        size.addAndGet(-taken);
        for (String channel : List.copyOf(missed)) {
            missed.remove(channel);
            lines.computeIfAbsent(channel, missing -> new ArrayList<>()).add(PostgresListener.MISSED);
        }
        return lines;
    }

    private static boolean notify(Connection connection, Map<String, List<String>> lines) throws SQLException {
        List<String> channels = new ArrayList<>();
        List<String> payloads = new ArrayList<>();
        lines.forEach((channel, texts) -> payloads(texts).forEach(payload -> {
            channels.add(channel);
            payloads.add(payload);
        }));
        try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
            statement.setArray(1, connection.createArrayOf("text", channels.toArray()));
            statement.setArray(2, connection.createArrayOf("text", payloads.toArray()));
            statement.execute();
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
        return true;
    }

    /** Packs as many lines into each notification as it takes. */
    static List<String> payloads(Collection<String> lines) {
        List<String> payloads = new ArrayList<>();
        StringBuilder payload = new StringBuilder();
        int bytes = 0;
        for (String text : lines) {
            int length = text.getBytes(StandardCharsets.UTF_8).length + 1;
            String line = length > PAYLOAD_BYTES ? PostgresListener.MISSED : text;
            length = length > PAYLOAD_BYTES ? 2 : length;
            if (bytes + length > PAYLOAD_BYTES) {
                payloads.add(payload.toString());
                payload.setLength(0);
                bytes = 0;
            }
            bytes += length;
            payload.append(payload.isEmpty() ? "" : "\n").append(line);
        }
        if (!payload.isEmpty()) {
            payloads.add(payload.toString());
        }
        return payloads;
    }

    @Override
    public void close() {
        if (!loop.close(CLOSE)) {
            LOG.debug("Closed while changes are announced");
        }
    }
}
