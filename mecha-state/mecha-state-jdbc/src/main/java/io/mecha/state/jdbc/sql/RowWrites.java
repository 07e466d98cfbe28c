// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.state.Precondition;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Mutation;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes of one row with one statement; a conflict costs another to learn the version that is there. */
public final class RowWrites {

    private RowWrites() {}

    /**
     * Apply a mutation.
     *
     * @param session the connection to use
     * @param mutation what to write or remove, and when
     * @param version the version of what is written
     * @return what came of it
     * @throws SQLException if a statement fails
     */
    public static WriteResult write(Session session, Mutation mutation, String version) throws SQLException {
        if (mutation instanceof Mutation.Put put) {
            return put(session, Row.of(put, version), put.precondition());
        }
        return remove(session, mutation.key(), mutation.precondition());
    }

    private static WriteResult put(Session session, Row row, Precondition precondition) throws SQLException {
        boolean done;
        if (precondition instanceof Precondition.Version expected) {
            done = replace(session, row, expected.version());
        } else if (precondition instanceof Precondition.Absent) {
            done = create(session, row);
        } else {
            done = put(session, row);
        }
        return done ? new WriteResult.Written(row.version()) : conflict(session, row.key(), precondition);
    }

    /**
     * Write a row whatever is there.
     *
     * @param session the connection to use
     * @param row the row
     * @return {@code true}
     * @throws SQLException if the statement fails
     */
    public static boolean put(Session session, Row row) throws SQLException {
        try (Prepared statement = session.prepare(session.statements().put())) {
            statement.row(row).update();
        }
        return true;
    }

    private static boolean replace(Session session, Row row, String expected) throws SQLException {
        try (Prepared statement = session.prepare(session.statements().replace())) {
            return statement.content(row).key(row.key()).text(expected).update() > 0;
        }
    }

    /**
     * Write a row if there is no live one.
     *
     * @param session the connection to use
     * @param row the row
     * @return whether it was written
     * @throws SQLException if a statement fails
     */
    public static boolean create(Session session, Row row) throws SQLException {
        if (session.dialect().createReturns()) {
            return createdNow(session, row);
        }
        Sql renew = session.statements().renew();
        try (Prepared statement = session.prepare(session.statements().create())) {
            if (statement.row(row).update() > 0) {
                return true;
            }
        } catch (SQLException e) {
            if (renew == null || !session.dialect().isDuplicate(e)) {
                throw e;
            }
        }
        if (renew == null) {
            return false;
        }
        try (Prepared statement = session.prepare(renew)) {
            return statement.content(row).key(row.key()).update() > 0;
        }
    }

    /** Each write has a version of its own, which tells whether it is there. */
    private static boolean createdNow(Session session, Row row) throws SQLException {
        session.writing();
        try (Prepared statement = session.prepare(session.statements().create()).row(row);
                ResultSet found = statement.query()) {
            return found.next() && row.version().equals(found.getString(1));
        }
    }

    private static WriteResult remove(Session session, String key, Precondition precondition) throws SQLException {
        if (precondition instanceof Precondition.Version expected) {
            try (Prepared statement = session.prepare(session.statements().removeVersion())) {
                boolean done = statement.key(key).text(expected.version()).update() > 0;
                return done ? new WriteResult.Removed(true) : conflict(session, key, precondition);
            }
        }
        if (precondition instanceof Precondition.Absent) {
            String actual = version(session, key);
            return actual == null ? new WriteResult.Removed(false) : new WriteResult.Conflict(null, actual);
        }
        try (Prepared statement = session.prepare(session.statements().remove())) {
            return new WriteResult.Removed(statement.key(key).update() > 0);
        }
    }

    private static WriteResult conflict(Session session, String key, Precondition precondition) throws SQLException {
        String expected = precondition instanceof Precondition.Version version ? version.version() : null;
        return new WriteResult.Conflict(expected, version(session, key));
    }

    private static @Nullable String version(Session session, String key) throws SQLException {
        Statements statements = session.statements();
        // Inside a transaction a plain read may show a snapshot from before the change that was lost to.
        Sql sql = session.joined() ? statements.versionLocked() : statements.version();
        try (Prepared statement = session.prepare(sql).key(key);
                ResultSet row = statement.query()) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
