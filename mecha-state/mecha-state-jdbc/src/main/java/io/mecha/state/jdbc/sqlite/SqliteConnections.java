// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import io.mecha.state.jdbc.connection.Connections;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Session;
import io.mecha.state.jdbc.sql.StateSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The connections of the embedded file: the writer or a reader. */
public final class SqliteConnections implements Connections {

    private final SqliteFile file;
    private final long timeoutNanos;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Use a file.
     *
     * @param file an open file; closing this releases it
     * @param timeout for how long to wait for a connection
     */
    public SqliteConnections(SqliteFile file, Duration timeout) {
        this.file = file;
        this.timeoutNanos = timeout.toNanos();
    }

    @Override
    public Session open(Dialect dialect, boolean writes) throws SQLException {
        if (writes) {
            SqliteFile.Handle writer = file.beginWriting(timeoutNanos);
            return session(dialect, writer, connection -> file.endWriting());
        }
        SqliteFile.Handle reader = file.beginReading(timeoutNanos);
        return session(dialect, reader, connection -> file.endReading(reader));
    }

    private static Session session(Dialect dialect, SqliteFile.Handle handle, Session.Release release)
            throws SQLException {
        return new Session(dialect, handle.connection(), false, 0, null, handle.statements(), release);
    }

    /**
     * See that the table is there; the only use of a connection outside of a session.
     *
     * @param dialect what SQLite speaks, of which table
     * @throws SQLException if the table can be neither found nor created
     */
    public void initialize(Dialect dialect) throws SQLException {
        SqliteFile.Handle writer = file.beginWriting(timeoutNanos);
        try {
            StateSchema.ensure(writer.connection(), dialect, true);
        } finally {
            file.endWriting();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.release();
        }
    }
}
