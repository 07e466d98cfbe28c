// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import io.mecha.MechaException;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.NotStartedException;
import io.mecha.jdbc.RetriedCalls;
import io.mecha.jdbc.SchemaException;
import io.mecha.jdbc.SqlFailures;
import io.mecha.state.jdbc.sql.Session;
import io.mecha.state.jdbc.sql.Work;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run of calls: fail fast, borrow a connection, run again what the server undid, translate errors, log. */
public final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final String store;
    private final RetriedCalls<KnownDatabase> calls;
    private final Connections connections;
    private final SqlErrors errors;

    /**
     * Make the calls of a store.
     *
     * @param store name of the store, for messages
     * @param guard knows whether the database answers
     * @param connections the connections to run on
     * @param errors translates failures
     */
    public Calls(String store, Guard<KnownDatabase> guard, Connections connections, SqlErrors errors) {
        this.store = store;
        this.calls = new RetriedCalls<>(guard);
        this.connections = connections;
        this.errors = errors;
    }

    /** The need of a call for a transaction. */
    private enum Kind {
        READ,
        OWN,
        STATEMENT,
        TRANSACTION
    }

    /**
     * Read with one statement.
     *
     * @param what name of the call, for the log
     * @param subject key or keys, for the log
     * @param work the use of the connection
     * @param <T> what it returns
     * @return what it returned
     * @throws MechaException if it failed for good
     */
    public <T extends @Nullable Object> T read(String what, Object subject, Work<T> work) {
        return run(Kind.READ, what, subject, work);
    }

    /**
     * Write with one statement.
     *
     * @param what name of the call, for the log
     * @param subject key or keys, for the log
     * @param work the use of the connection
     * @param <T> what it returns
     * @return what it returned
     * @throws MechaException if it failed for good
     */
    public <T extends @Nullable Object> T write(String what, Object subject, Work<T> work) {
        return run(Kind.STATEMENT, what, subject, work);
    }

    /**
     * Read and write with several statements, all or nothing.
     *
     * @param what name of the call, for the log
     * @param subject key or keys, for the log
     * @param work the use of the connection
     * @param <T> what it returns
     * @return what it returned
     * @throws MechaException if it failed for good
     */
    public <T extends @Nullable Object> T transact(String what, Object subject, Work<T> work) {
        return run(Kind.TRANSACTION, what, subject, work);
    }

    /**
     * Write with as many statements as the work decides, in transactions that it begins itself.
     *
     * @param what name of the call, for the log
     * @param subject what it is about, for the log
     * @param work the use of the connection
     * @param <T> what it returns
     * @return what it returned
     * @throws MechaException if it failed for good
     */
    public <T extends @Nullable Object> T separate(String what, Object subject, Work<T> work) {
        return run(Kind.OWN, what, subject, work);
    }

    private <T extends @Nullable Object> T run(Kind kind, String what, Object subject, Work<T> work) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("State store '{}': {} {}", store, what, subject);
        }
        try {
            return calls.run(
                    known -> connections.open(known.dialect(), kind != Kind.READ),
                    session -> kind == Kind.TRANSACTION
                            ? session.transaction(work)
                            : kind == Kind.OWN ? work.run(session) : session.single(work),
                    this::failure);
        } catch (NotStartedException e) {
            SQLException reason = e.reason();
            throw reason instanceof SchemaException ? errors.translate(reason, false) : errors.unreachable(reason);
        }
    }

    private MechaException failure(SQLException exception, Session session) {
        SQLException unwrapped = SqlFailures.unwrap(exception);
        if (session.dialect().isTransient(unwrapped) && !SqlFailures.isTimeout(unwrapped)) {
            return errors.contention(unwrapped, session.joined());
        }
        return errors.translate(exception, session.sent());
    }
}
