// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.PurgeLoop;
import io.mecha.runtime.Ids;
import io.mecha.state.StateBackendException;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Prepared;
import io.mecha.state.jdbc.sql.Table;
import io.mecha.state.spi.LeaseResult;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deletion of expired rows in the background, on one node at a time.
 *
 * <p>The node that gets the lease of a table purges for this interval, and keeps it until the interval is over, so that the others find
 * nothing to do. A purge that takes longer than its interval stops and goes on in the next one. No fence is needed: even two at once would
 * do no harm, because each statement deletes only what has expired when it runs. For the same reason nodes purge without a lease where the
 * database has no table of leases, and lets none be made.
 */
final class Purge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
    private static final String LEASE = "||mecha||purge||";

    private final String store;
    private final Calls calls;
    private final JdbcLeases leases;
    private final String lease;
    private final Duration interval;
    private final PurgeLoop loop;

    Purge(String store, Calls calls, JdbcLeases leases, Table table, Duration interval) {
        this.store = store;
        this.calls = calls;
        this.leases = leases;
        this.lease = LEASE + table.name();
        this.interval = interval;
        this.loop =
                new PurgeLoop("mecha-state-" + store + "-purge", "State store '" + store + "'", interval, this::purge);
    }

    static Purge start(String store, Calls calls, JdbcLeases leases, Table table, Duration interval) {
        Purge purge = new Purge(store, calls, leases, table, interval);
        purge.loop.start();
        return purge;
    }

    /** Delete what has expired if no other node does; return how many rows that were. */
    long purge() {
        boolean leased = true;
        try {
            if (leases.acquire(lease, Ids.random(), interval) instanceof LeaseResult.Held) {
                return 0;
            }
        } catch (StateBackendException none) {
            LOG.debug("State store '{}' is purged without a lease", store, none);
            leased = false;
        }
        long deadline = System.nanoTime() + interval.toNanos();
        long total = deleteExpired(deadline);
        if (leased) {
            forgetIdle(deadline);
        }
        return total;
    }

    private long deleteExpired(long deadline) {
        long total = 0;
        int rows;
        do {
            rows = calls.<Integer>write("purge", "", session -> {
                try (Prepared statement = session.prepare(session.statements().purge())) {
                    return statement.update();
                }
            });
            total += rows;
        } while (rows >= Dialect.PURGE_ROWS && goesOn(deadline));
        return total;
    }

    private void forgetIdle(long deadline) {
        int names;
        do {
            names = leases.purge();
        } while (names > 0 && goesOn(deadline));
    }

    private boolean goesOn(long deadline) {
        return System.nanoTime() - deadline < 0 && !loop.isClosed();
    }

    @Override
    public void close() {
        loop.close();
    }
}
