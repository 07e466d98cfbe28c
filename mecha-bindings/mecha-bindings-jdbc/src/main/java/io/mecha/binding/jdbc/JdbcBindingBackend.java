// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.Capabilities;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.binding.jdbc.JdbcDelivery.State;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.Ids;
import io.mecha.spi.SurroundingTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A backend that keeps messages in a table. */
final class JdbcBindingBackend implements BindingBackend {

    private static final int PING_BYTES = 8 * 1024;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final QueueDatabase database;
    private final JdbcConsumer.Settings settings;
    private final QueueOutbound outbound;
    private final Capabilities capabilities;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    JdbcBindingBackend(JdbcConsumer.Settings settings, int maximumBodySize, Runnable release) {
        this.settings = settings;
        this.database = settings.database();
        this.release = release;
        this.outbound = new QueueOutbound(database, settings.channel(), settings.destination(), maximumBodySize);
        this.capabilities = Capabilities.none()
                .with(Outbound.class, outbound)
                .with(Inbound.class, new Receive())
                .with(Groups.class, settings.groups())
                .with(KeyOrder.class, () -> Integer.MAX_VALUE)
                .with(Delay.class, () -> LONGEST)
                .with(Expiry.class, () -> LONGEST)
                .with(AttemptMemory.class, JdbcBindingBackend::failed)
                .with(SurroundingTransaction.class, database.transaction())
                .with(Forwarding.class, new Forward())
                .with(MessageIdentity.class, (delivery) -> {
                    JdbcDelivery mine = (JdbcDelivery) delivery;
                    return WireHeaders.identity(mine.message(), mine.id());
                });
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    private static void failed(Delivery delivery, int attempts) {
        JdbcDelivery mine = (JdbcDelivery) delivery;
        mine.consumer().claimed().failed(mine, attempts);
    }

    @Override
    public void ping() {
        if (closed.get()) {
            throw new BindingBackendException(
                    settings.channel(),
                    JdbcBindingBackendFactory.TYPE,
                    "checking the connection after it was closed",
                    null);
        }
        try {
            database.<Boolean>transact((connection, sql) -> write(connection, sql, "\u0001ping-" + Ids.random()));
        } catch (SQLException e) {
            throw Failures.other(settings.channel(), "checking the connection", e);
        }
    }

    /** Writes a message that nobody sees, and deletes it: a database that can only be read is no help. */
    private static boolean write(Connection connection, QueueSql sql, String nowhere) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql.insert());
                PreparedStatement delete = connection.prepareStatement(QueueSql.dropMessages())) {
            insert.setString(1, nowhere);
            insert.setString(2, null);
            insert.setString(3, "");
            insert.setBytes(4, new byte[PING_BYTES]);
            insert.setNull(5, Types.BIGINT);
            insert.setNull(6, Types.BIGINT);
            insert.setString(7, nowhere);
            insert.executeUpdate();
            delete.setString(1, nowhere);
            delete.setString(2, "");
            delete.executeUpdate();
            return true;
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            outbound.close();
            release.run();
        }
    }

    private final class Receive implements Inbound {

        @Override
        public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
            return new JdbcConsumer(settings, request, receiver);
        }

        @Override
        public boolean receivesFrom(BindingBackend other) {
            return other instanceof JdbcBindingBackend target
                    && target.database == database
                    && target.settings.destination().equals(settings.destination());
        }
    }

    private final class Forward implements Forwarding {

        @Override
        public boolean reaches(BindingBackend target) {
            return target instanceof JdbcBindingBackend other && other.database == database;
        }

        @Override
        public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
            JdbcDelivery mine = (JdbcDelivery) delivery;
            JdbcBindingBackend other = (JdbcBindingBackend) target;
            if (!mine.change(State.OPEN, State.FORWARDING)) {
                throw notOurs();
            }
            boolean done = false;
            try {
                done = database.transact((connection, sql) ->
                        mine.consumer().claims().delete(connection, List.of(mine.id())) == 1
                                && other.outbound.insert(connection, sql, messages));
            } catch (SQLException e) {
                throw Failures.send(settings.channel(), e, false, messages.size() == 1);
            } finally {
                mine.change(State.FORWARDING, done ? State.FORWARDED : State.OPEN);
            }
            if (!done) {
                throw notOurs();
            }
            mine.consumer().claimed().finished(mine);
            database.wakeups().announce(other.settings.destination());
        }

        private SendException notOurs() {
            return SendException.refused(
                    settings.channel(),
                    JdbcBindingBackendFactory.TYPE,
                    "the message that it results from is not held by this node any more",
                    null);
        }
    }
}
