// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.SpringTransaction;
import io.mecha.jdbc.lease.LeaseTable;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.sql.Prepared;
import io.mecha.state.jdbc.sql.Session;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a store, on connections of their own: what is done to a lease is committed whatever becomes of a transaction of the
 * application. Only a fence looks at the token in that transaction.
 *
 * <p>The tables are made, or looked for, by the first call that needs them; the purge is one.
 */
final class JdbcLeases implements Leases {

    private final String store;
    private final Calls calls;
    private final Calls renewals;
    private final boolean create;
    private final @Nullable Surroundings surroundings;
    private volatile @Nullable LeaseTable ready;

    /**
     * Make the leases of a store.
     *
     * @param store name of the store, for messages
     * @param calls run on connections in no transaction of the application
     * @param renewals run on such connections, too, that are there when the application has all of the pool
     * @param create whether to create tables that are missing
     * @param surroundings the application's transactions; {@code null} if there are none on the database
     */
    JdbcLeases(String store, Calls calls, Calls renewals, boolean create, @Nullable Surroundings surroundings) {
        this.store = store;
        this.calls = calls;
        this.renewals = renewals;
        this.create = create;
        this.surroundings = surroundings;
    }

    /**
     * The application's transactions, inside of which a lease needs one connection more.
     *
     * @param transaction the one of this thread
     * @param connections lend connections
     */
    record Surroundings(SpringTransaction transaction, DataSourceConnections connections) {

        /** Tell why a second connection would be waited for in vain; {@code null} if it would not. */
        @Nullable String obstacle() {
            if (!transaction.active()) {
                return null;
            }
            if (connections.isSingle()) {
                return "the pool has only the connection of the transaction on this thread";
            }
            return connections.isOfOneWriter() && !SpringTransaction.isReadOnly()
                    ? "the transaction on this thread may be the one writer that SQLite has"
                    : null;
        }
    }

    /** The use of the tables by a call. */
    @FunctionalInterface
    private interface Use<T extends @Nullable Object> {

        T run(LeaseTable table, Session session) throws SQLException;
    }

    @Override
    public LeaseResult acquire(String name, String owner, Duration timeToLive) {
        return run(
                calls, "acquire", name, (table, session) -> table.acquire(session.writer(), name, owner, timeToLive));
    }

    @Override
    public Set<Lease> renew(Map<Lease, Duration> leases) {
        return run(renewals, "renew", leases.keySet(), (table, session) -> table.renew(session.writer(), leases));
    }

    @Override
    public boolean release(Lease lease) {
        return run(calls, "release", lease, (table, session) -> table.release(session.writer(), lease));
    }

    private <T extends @Nullable Object> T run(Calls on, String what, Object subject, Use<T> use) {
        String obstacle = surroundings == null ? null : surroundings.obstacle();
        if (obstacle != null) {
            throw InvalidStateRequestException.leaseInTransaction(store, obstacle);
        }
        return on.<T>separate(what, subject, session -> {
            LeaseTable table = session.dialect().leases();
            if (!table.equals(ready)) {
                table.ensure(session.writer(), create);
                ready = table;
            }
            return table.needsTransaction()
                    ? session.<T>transaction(inside -> use.run(table, inside))
                    : session.<T>single(inside -> use.run(table, inside));
        });
    }

    /** See that the tables are there, before a transaction looks at a fence. */
    void prepare() {
        if (ready == null) {
            this.<@Nullable Void>run(calls, "prepare", "", (table, session) -> null);
        }
    }

    /** Look at fences in a transaction, and keep other grants away until it ends; return the first that does not hold. */
    static @Nullable Fenced enter(Session session, List<Fence> fences) throws SQLException {
        List<Fence> sorted = new ArrayList<>(fences);
        sorted.sort(Comparator.comparing(Fence::lease)); // so that transactions that lock several do not wait in a ring
        for (Fence fence : sorted) {
            Long newest = newest(session, fence.lease());
            if (newest == null || newest != fence.token()) {
                return new Fenced(fence.lease(), fence.token(), newest);
            }
        }
        return null;
    }

    private static @Nullable Long newest(Session session, String name) throws SQLException {
        try (Prepared statement = session.prepare(session.dialect().fence()).bytes(LeaseTable.key(name));
                ResultSet row = statement.query()) {
            return row.next() ? (Long) row.getLong(1) : null;
        }
    }

    /** Forget some names that are idle for long; returns how many, and there may be more unless there were none. */
    int purge() {
        return this.<Integer>run(calls, "purge", "", (table, session) -> table.purge(session.writer()));
    }
}
