// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.MechaException;
import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.SchemaException;
import io.mecha.jdbc.SqlFailures;
import io.mecha.runtime.Backoff;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Run calls: fail fast, borrow a connection, run again what the server undid, translate errors, log. */
final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcStateBackend.class);
    private static final int ATTEMPTS = 10;
    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofMillis(2), Duration.ofMillis(32)).shortened(1);

    private final String store;
    private final Guard<Live> guard;
    private final Connections connections;
    private final SqlErrors errors;

    Calls(String store, Guard<Live> guard, Connections connections, SqlErrors errors) {
        this.store = store;
        this.guard = guard;
        this.connections = connections;
        this.errors = errors;
    }

    /** How much of a transaction a call needs. */
    private enum Kind {
        READ,
        STATEMENT,
        TRANSACTION
    }

    /** Read with one statement. */
    <T extends @Nullable Object> T read(String what, Object subject, Work<T> work) {
        return run(Kind.READ, what, subject, work);
    }

    /** Write with one statement. */
    <T extends @Nullable Object> T write(String what, Object subject, Work<T> work) {
        return run(Kind.STATEMENT, what, subject, work);
    }

    /** Read and write with several statements, all or nothing. */
    <T extends @Nullable Object> T transact(String what, Object subject, Work<T> work) {
        return run(Kind.TRANSACTION, what, subject, work);
    }

    private <T extends @Nullable Object> T run(Kind kind, String what, Object subject, Work<T> work) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("State store '{}': {} {}", store, what, subject);
        }
        for (int attempt = 1; ; attempt++) {
            Session session = open(kind);
            try (session) {
                return kind == Kind.TRANSACTION ? session.transaction(work) : session.single(work);
            } catch (SQLException e) {
                boolean again = attempt < ATTEMPTS
                        && !session.joined()
                        && session.dialect().isTransient(e);
                if (!again) {
                    throw failure(e, session);
                }
            }
            PAUSES.pause(attempt);
        }
    }

    private Session open(Kind kind) {
        Live live;
        try {
            live = guard.live();
        } catch (SchemaException e) {
            throw errors.translate(e, false);
        } catch (SQLException e) {
            throw errors.unreachable(e);
        }
        try {
            return connections.open(live.dialect(), kind != Kind.READ);
        } catch (SchemaException e) {
            throw errors.translate(e, false);
        } catch (DataSourceConnections.StalledException e) {
            guard.stalled(e);
            throw errors.unreachable(e);
        } catch (SQLException e) {
            guard.suspect(e);
            throw errors.unreachable(e);
        }
    }

    private MechaException failure(SQLException exception, Session session) {
        if (SqlFailures.isLost(exception)) {
            guard.suspect(exception);
        }
        SQLException unwrapped = SqlFailures.unwrap(exception);
        if (session.dialect().isTransient(unwrapped) && !SqlFailures.isTimeout(unwrapped)) {
            return errors.contention(unwrapped, session.joined());
        }
        return errors.translate(exception, session.sent());
    }
}
