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
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run of calls: fail fast, borrow a connection, run again what the server undid, translate errors, log. */
public final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final String store;
    private final RetriedCalls<KnownDatabase> calls;
    private final Guard.Opening<KnownDatabase, Session> reading;
    private final Guard.Opening<KnownDatabase, Session> writing;
    private final SqlErrors errors;
    private final BiFunction<SQLException, Session, MechaException> failure;

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
        this.reading = known -> connections.open(known.dialect(), false);
        this.writing = known -> connections.open(known.dialect(), true);
        this.errors = errors;
        this.failure = this::failure;
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
        return run(reading, what, subject, session -> session.single(work));
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
        return run(writing, what, subject, session -> session.single(work));
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
        return run(writing, what, subject, session -> session.transaction(work));
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
        return run(writing, what, subject, work::run);
    }

    private <T extends @Nullable Object> T run(
            Guard.Opening<KnownDatabase, Session> opening,
            String what,
            Object subject,
            RetriedCalls.Call<Session, T> call) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("State store '{}': {} {}", store, what, subject);
        }
        try {
            return calls.run(opening, call, failure);
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
