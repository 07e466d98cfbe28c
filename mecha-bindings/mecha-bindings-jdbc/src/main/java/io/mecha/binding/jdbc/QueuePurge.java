// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.jdbc.PurgeLoop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The deletion of expired messages, and of passing groups whose node ended; several nodes at once do no harm. */
final class QueuePurge implements AutoCloseable {

    private final QueueDatabase database;
    private final PurgeLoop loop;

    QueuePurge(QueueDatabase database, Duration interval) {
        this.database = database;
        this.loop = new PurgeLoop("mecha-binding-jdbc-purge", "Bindings", interval, this::purge);
    }

    void start() {
        loop.start();
    }

    private long purge() throws SQLException {
        int rows = database.single(QueuePurge::expired);
        for (String[] group : database.single(QueuePurge::passed)) {
            drop(database, group[0], group[1]);
        }
        return rows;
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

    @Override
    public void close() {
        loop.close();
    }
}
