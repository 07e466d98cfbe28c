// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.runtime.SupervisedThread;
import io.mecha.state.spi.VersionSequence;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delete expired rows in the background, on one node at a time.
 *
 * <p>The right to purge is a row of the same table, under a key no user can have, that is written only if it is absent and
 * expires after the interval by the database's clock: whoever writes it purges for this interval, and needs no second
 * table nor a connection that holds a lock. A purge that takes longer than its interval stops and goes on in the next one.
 * Even two at once would do no harm: each statement deletes only what has expired when it runs.
 */
final class Purge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
    private static final byte[] NO_BYTES = {};

    private final String store;
    private final Calls calls;
    private final Duration interval;
    private final VersionSequence versions = new VersionSequence();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable SupervisedThread thread;

    Purge(String store, Calls calls, Duration interval) {
        this.store = store;
        this.calls = calls;
        this.interval = interval;
    }

    static Purge start(String store, Calls calls, Duration interval) {
        Purge purge = new Purge(store, calls, interval);
        purge.thread = SupervisedThread.start("mecha-state-" + store + "-purge", purge::run);
        return purge;
    }

    private void run() {
        while (!closedWithin(next())) {
            try {
                long rows = purge();
                if (rows > 0) {
                    LOG.debug("State store '{}': {} expired rows deleted", store, rows);
                }
            } catch (RuntimeException e) {
                LOG.debug("State store '{}' was not purged", store, e);
            }
        }
    }

    /** Spread the nodes over the interval, so that they do not all ask at the same moment. */
    private long next() {
        long millis = interval.toMillis();
        return millis / 2 + ThreadLocalRandom.current().nextLong(Math.max(1, millis / 2)) + 1;
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
        } while (rows >= Dialect.PURGE_ROWS && System.nanoTime() - deadline < 0 && !closedWithin(0));
        return total;
    }

    private boolean closedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException nobodyMay) {
            return closed.getCount() == 0;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (thread != null) {
            thread.stop();
        }
    }
}
