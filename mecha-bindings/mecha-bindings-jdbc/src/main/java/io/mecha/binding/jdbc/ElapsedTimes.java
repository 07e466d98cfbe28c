// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watch over what is not due yet, by elapsed time.
 *
 * <p>H2 and SQLite have the clock of this machine, and several processes may share their file, so that the times in it have
 * to be instants. Set back by an hour, the clock would make delays and the leases of nodes that ended an hour longer. So
 * each consumer remembers when, by elapsed time, the rows that it sees are due, and frees those whose time has passed
 * although the clock says otherwise. An owner that lives has renewed its lease by then, which makes it another time.
 */
final class ElapsedTimes {

    private static final long PERIOD = Duration.ofSeconds(1).toNanos();
    private static final long BUSY_PERIOD = Duration.ofSeconds(10).toNanos();
    private static final int ROWS = 500;
    private static final long LONGEST = Duration.ofDays(290 * 365).toMillis(); // two years less than fit in nanoseconds

    private final QueueDatabase database;
    private final String destination;
    private final String group;
    private final String owner;
    private volatile Map<Long, Seen> seen = new HashMap<>();
    private long looked = System.nanoTime() - PERIOD;

    ElapsedTimes(QueueDatabase database, String destination, String group, String owner) {
        this.database = database;
        this.destination = destination;
        this.group = group;
        this.owner = owner;
    }

    /** A row that is not due, and when it is by elapsed time. */
    private record Seen(@Nullable String owner, long visibleAt, long due) {

        boolean isStill(Seen other) {
            return visibleAt == other.visibleAt && String.valueOf(owner).equals(String.valueOf(other.owner));
        }
    }

    /** Return how many rows are known that were not due at the last look. */
    int known() {
        return seen.size();
    }

    /**
     * Look at the rows, now and then, and free those that are overdue.
     *
     * @param idle whether there was nothing to claim, so that a look takes nobody's time
     */
    void look(boolean idle) throws SQLException {
        long begun = System.nanoTime();
        if (begun - looked < (idle ? PERIOD : BUSY_PERIOD) || !database.hasClockOfMachine()) {
            return;
        }
        looked = begun;
        Map<Long, Seen> before = seen;
        Map<Long, Seen> now = database.single(this::hidden);
        List<Map.Entry<Long, Seen>> overdue = new ArrayList<>();
        now.replaceAll((id, row) -> {
            Seen known = before.get(id);
            return known != null && known.isStill(row) ? known : row;
        });
        now.entrySet().forEach(row -> {
            if (begun - row.getValue().due() > PERIOD) {
                overdue.add(row);
            }
        });
        seen = now;
        if (!overdue.isEmpty()) {
            database.<Boolean>transact((connection, sql) -> free(connection, overdue));
        }
    }

    private Map<Long, Seen> hidden(Connection connection, QueueSql sql) throws SQLException {
        Map<Long, Seen> rows = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.hidden())) {
            statement.setString(1, destination);
            statement.setString(2, group);
            statement.setString(3, owner);
            statement.setInt(4, ROWS);
            try (ResultSet row = statement.executeQuery()) {
                long now = System.nanoTime();
                while (row.next()) {
                    long due = now + nanos(row.getLong(4));
                    rows.put(row.getLong(1), new Seen(row.getString(2), row.getLong(3), due));
                }
            }
        }
        return rows;
    }

    static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(Math.min(millis, LONGEST));
    }

    private static boolean free(Connection connection, List<Map.Entry<Long, Seen>> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QueueSql.free())) {
            for (Map.Entry<Long, Seen> row : rows) {
                String holder = row.getValue().owner();
                statement.setLong(1, row.getKey());
                statement.setLong(2, row.getValue().visibleAt());
                statement.setString(3, holder == null ? "" : holder);
                statement.executeUpdate();
            }
            return true;
        }
    }
}
