// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.runtime.SupervisedThread;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delete expired messages, and passing groups whose node ended; several nodes at once do no harm. */
final class QueuePurge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueuePurge.class);

    private final QueueDatabase database;
    private final long intervalMillis;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable SupervisedThread thread;

    QueuePurge(QueueDatabase database, Duration interval) {
        this.database = database;
        this.intervalMillis = Math.max(2, interval.toMillis());
    }

    void start() {
        thread = SupervisedThread.start("mecha-binding-jdbc-purge", this::run);
    }

    private void run() {
        while (!closedWithin(intervalMillis / 2 + ThreadLocalRandom.current().nextLong(intervalMillis / 2))) {
            try {
                int rows = database.single(QueuePurge::expired);
                for (String[] group : database.single(QueuePurge::passed)) {
                    drop(database, group[0], group[1]);
                }
                LOG.debug("Bindings: {} expired messages deleted", rows);
            } catch (SQLException | RuntimeException e) {
                LOG.debug("Bindings were not purged", e);
            }
        }
    }

    private static int expired(Connection connection, QueueSql sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.purge())) {
            return statement.executeUpdate();
        }
    }

    private static List<String[]> passed(Connection connection, QueueSql sql) throws SQLException {
        List<String[]> groups = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.expiredGroups());
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                groups.add(new String[] {rows.getString(1), rows.getString(2)});
            }
        }
        return groups;
    }

    /** Ends a passing group with its messages. */
    static void drop(QueueDatabase database, String destination, String group) throws SQLException {
        database.transact((connection, sql) -> {
            try (PreparedStatement end = connection.prepareStatement(QueueSql.dropGroup());
                    PreparedStatement forget = connection.prepareStatement(QueueSql.dropMessages())) {
                end.setString(1, destination);
                end.setString(2, group);
                forget.setString(1, destination);
                forget.setString(2, group);
                return end.executeUpdate() == 0 ? 0 : forget.executeUpdate();
            }
        });
    }

    private boolean closedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException nobodyMay) {
            return closed.getCount() == 0;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        SupervisedThread purging = thread;
        if (purging != null) {
            purging.stop();
        }
    }
}
