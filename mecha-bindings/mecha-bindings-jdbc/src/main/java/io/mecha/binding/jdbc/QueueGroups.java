// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.spi.Groups;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The groups of one destination. */
final class QueueGroups implements Groups {

    private final QueueDatabase database;
    private final String channel;
    private final String destination;

    QueueGroups(QueueDatabase database, String channel, String destination) {
        this.database = database;
        this.channel = channel;
        this.destination = destination;
    }

    @Override
    public void declare(String group, Ordering ordering) {
        try {
            create(group, true, null);
            adopt(group);
        } catch (SQLException e) {
            throw failure("declaring group '%s'".formatted(group), e);
        }
    }

    @Override
    public OptionalLong lag(String group) {
        try {
            return database.transact((connection, sql) -> {
                try (PreparedStatement known = connection.prepareStatement(QueueSql.hasGroup());
                        PreparedStatement count = connection.prepareStatement(sql.count())) {
                    known.setString(1, destination);
                    known.setString(2, group);
                    try (ResultSet row = known.executeQuery()) {
                        if (!row.next()) {
                            return OptionalLong.empty();
                        }
                    }
                    count.setString(1, destination);
                    count.setString(2, group);
                    try (ResultSet row = count.executeQuery()) {
                        row.next();
                        return OptionalLong.of(row.getLong(1));
                    }
                }
            });
        } catch (SQLException e) {
            throw failure("counting the messages of group '%s'".formatted(group), e);
        }
    }

    /** Makes a group known, unless it is. */
    void create(String group, boolean adopts, @Nullable Duration life) throws SQLException {
        database.single((connection, sql) -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.createGroup())) {
                statement.setString(1, destination);
                statement.setString(2, group);
                statement.setLong(3, adopts ? 1 : 0);
                if (life == null) {
                    statement.setNull(4, Types.BIGINT);
                } else {
                    statement.setLong(4, life.toMillis());
                }
                statement.setString(5, destination);
                statement.setString(6, group);
                return statement.executeUpdate();
            }
        });
    }

    /** Lengthens the life of a passing group; one that was forgotten meanwhile begins again. */
    void extend(String group, Duration life) throws SQLException {
        int rows = database.single((connection, sql) -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.extendGroup())) {
                statement.setLong(1, life.toMillis());
                statement.setString(2, destination);
                statement.setString(3, group);
                return statement.executeUpdate();
            }
        });
        if (rows == 0) {
            create(group, false, life);
        }
    }

    /**
     * Gives the first group what was sent while none was known. A sender that saw no group may commit after the group came,
     * so this has to be done again and again.
     */
    int adopt(String group) throws SQLException {
        return database.single((connection, sql) -> {
            try (PreparedStatement statement = connection.prepareStatement(QueueSql.adopt())) {
                statement.setString(1, group);
                statement.setString(2, destination);
                statement.setString(3, destination);
                statement.setString(4, group);
                return statement.executeUpdate();
            }
        });
    }

    void drop(String group) throws SQLException {
        QueuePurge.drop(database, destination, group);
    }

    private BindingBackendException failure(String what, SQLException cause) {
        return Failures.other(channel, what, cause);
    }
}
