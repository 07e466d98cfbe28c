// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The connections of the embedded file: the writer or a reader. */
final class SqliteConnections implements Connections {

    private final SqliteFile file;
    private final long timeoutNanos;
    private final AtomicBoolean closed = new AtomicBoolean();

    SqliteConnections(SqliteFile file, Duration timeout) {
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
        return new Session(dialect, handle.connection(), false, 0, handle.statements(), release);
    }

    /** See that the table is there; the only use of a connection outside of a session. */
    void initialize(Dialect dialect) throws SQLException {
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
