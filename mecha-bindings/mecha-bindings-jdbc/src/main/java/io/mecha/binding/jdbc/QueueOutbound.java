// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;

/** The inserts of messages, in the transaction of the calling thread if it has one on the data source. */
final class QueueOutbound implements Outbound {

    private static final int KEY_LENGTH = 255;

    private final QueueDatabase database;
    private final String channel;
    private final String destination;
    private final int maximumBodySize;
    private volatile boolean closed;

    QueueOutbound(QueueDatabase database, String channel, String destination, int maximumBodySize) {
        this.database = database;
        this.channel = channel;
        this.destination = destination;
        this.maximumBodySize = maximumBodySize;
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        return sendAll(List.of(id), List.of(message)).get(0);
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
        List<CompletionStage<Receipt>> results = new ArrayList<>(messages.size());
        List<Message> fitting = new ArrayList<>(messages.size());
        for (Message message : messages) {
            byte[] body = message.body();
            if (body == null || body.length <= maximumBodySize) {
                fitting.add(message);
            }
        }
        SendException failure = null;
        if (closed) {
            failure = SendException.closed(channel);
        } else if (!fitting.isEmpty()) {
            failure = insert(fitting);
        }
        for (int i = 0; i < messages.size(); i++) {
            byte[] body = messages.get(i).body();
            if (body != null && body.length > maximumBodySize) {
                results.add(CompletableFuture.failedFuture(tooLarge(body.length)));
            } else if (failure != null) {
                results.add(CompletableFuture.failedFuture(failure));
            } else {
                results.add(CompletableFuture.completedFuture(new Receipt(ids.get(i), null)));
            }
        }
        return results;
    }

    private SendException tooLarge(int size) {
        return SendException.unacceptable(
                channel,
                JdbcBindingBackendFactory.TYPE,
                "its body has %d bytes, more than the %d of maximum-body-size".formatted(size, maximumBodySize),
                null);
    }

    private @Nullable SendException insert(List<? extends Message> messages) {
        boolean joined = database.transaction().active();
        try {
            if (joined || messages.size() > 1) {
                database.<Boolean>join((connection, sql) -> insert(connection, sql, messages));
            } else {
                database.<Boolean>single((connection, sql) -> insert(connection, sql, messages));
            }
        } catch (SQLException e) {
            return Failures.send(channel, e, joined, messages.size() == 1);
        }
        if (joined) {
            database.transaction().onCompletion(status -> {
                if (status != TransactionSynchronization.STATUS_ROLLED_BACK) {
                    database.wakeups().announce(destination);
                }
            });
        } else {
            database.wakeups().announce(destination);
        }
        return null;
    }

    /** Inserts with a connection; the caller announces after the commit. */
    boolean insert(Connection connection, QueueSql sql, List<? extends Message> messages) throws SQLException {
        boolean batch = messages.size() > 1 && sql.batches();
        try (PreparedStatement statement = connection.prepareStatement(sql.insert())) {
            for (Message message : messages) {
                bind(statement, message);
                if (batch) {
                    statement.addBatch();
                } else {
                    statement.executeUpdate();
                }
            }
            if (batch) {
                statement.executeBatch();
            }
            return true;
        }
    }

    private void bind(PreparedStatement statement, Message message) throws SQLException {
        statement.setString(1, destination);
        String key = message.key();
        statement.setString(2, key == null ? null : column(key));
        statement.setString(3, WireHeaders.write(message));
        statement.setBytes(4, message.body());
        Long delay = message.delay() == null ? null : (Long) message.delay().toMillis();
        Long expiry = message.timeToLive() == null
                ? null
                : (Long) (message.timeToLive().toMillis() + (delay == null ? 0 : delay));
        bind(statement, 5, delay);
        bind(statement, 6, expiry);
        statement.setString(7, destination);
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Long number) throws SQLException {
        if (number == null) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, number);
        }
    }

    /** What orders messages must fit into an index; the key itself is among the headers. */
    private static String column(String key) {
        if (key.length() <= KEY_LENGTH && key.indexOf('\0') < 0) {
            return key;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Refuses to send from now on; the database may go on for others. */
    void close() {
        closed = true;
    }

    @Override
    public int maximumBodySize() {
        return maximumBodySize;
    }
}
