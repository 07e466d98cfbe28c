// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.PurgeLoop;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Prepared;
import io.mecha.state.jdbc.sql.Row;
import io.mecha.state.jdbc.sql.RowWrites;
import io.mecha.state.spi.VersionSequence;
import java.time.Duration;

/**
 * The deletion of expired rows in the background, on one node at a time.
 *
 * <p>The right to purge is a row of the same table, under a key no user can have, that is written only if it is absent and
 * expires after the interval by the database's clock: the node that writes it purges for this interval, and needs no second
 * table nor a connection that holds a lock. A purge that takes longer than its interval stops and goes on in the next one.
 * Even two at once would do no harm: each statement deletes only what has expired when it runs.
 */
final class Purge implements AutoCloseable {

    private static final byte[] NO_BYTES = {};

    private final Calls calls;
    private final Runnable more;
    private final Duration interval;
    private final VersionSequence versions = new VersionSequence();
    private final PurgeLoop loop;

    Purge(String store, Calls calls, Duration interval, Runnable more) {
        this.calls = calls;
        this.more = more;
        this.interval = interval;
        this.loop =
                new PurgeLoop("mecha-state-" + store + "-purge", "State store '" + store + "'", interval, this::purge);
    }

    static Purge start(String store, Calls calls, Duration interval, Runnable more) {
        Purge purge = new Purge(store, calls, interval, more);
        purge.loop.start();
        return purge;
    }

    /** Delete what has expired if no other node does; return how many rows that were. */
    long purge() {
        String version = versions.next();
        Row lease = new Row(ReservedKeys.PURGE, NO_BYTES, version, interval.toMillis());
        if (!calls.<Boolean>write("purge", "", session -> RowWrites.create(session, lease))) {
            return 0;
        }
        long deadline = System.nanoTime() + interval.toNanos();
        long total = 0;
        int rows;
        do {
            rows = calls.<Integer>write("purge", "", session -> {
                try (Prepared statement = session.prepare(session.statements().purge())) {
                    return statement.update();
                }
            });
            total += rows;
        } while (rows >= Dialect.PURGE_ROWS && System.nanoTime() - deadline < 0 && !loop.isClosed());
        more.run();
        return total;
    }

    @Override
    public void close() {
        loop.close();
    }
}
