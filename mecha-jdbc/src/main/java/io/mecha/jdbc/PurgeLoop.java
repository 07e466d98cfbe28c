// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.runtime.BackgroundLoop;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.Troubles;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop in the background that deletes what nobody needs any more, once within each interval.
 *
 * <p>Nodes spread over the interval, so that they do not all ask at the same moment. What the database refuses is tried again in the
 * next interval.
 */
public final class PurgeLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PurgeLoop.class);
    private static final double SPREAD = 0.5;
    private static final Duration ENDING = Duration.ofSeconds(1);

    private final String subject;
    private final String purge;
    private final Duration interval;
    private final Work work;
    private final BackgroundLoop loop;

    /** A deletion of old rows. */
    @FunctionalInterface
    public interface Work {

        /**
         * Delete what can be deleted now.
         *
         * @return how many rows that were
         * @throws SQLException if the database refused
         */
        long run() throws SQLException;
    }

    /**
     * Prepare a purge.
     *
     * @param name name of the thread
     * @param subject what is purged, at the beginning of a sentence, for example {@code State store 'carts'}
     * @param interval the longest time between two purges; positive
     * @param work what deletes
     */
    public PurgeLoop(String name, String subject, Duration interval, Work work) {
        this.subject = subject;
        this.purge = subject + ": the purge";
        this.interval = interval;
        this.work = work;
        this.loop = new BackgroundLoop(name, rest(), this::purge);
    }

    /** Begin, with a rest. */
    public void start() {
        loop.start();
    }

    /**
     * Tell whether the purge is closed, so that work in many parts ends early.
     *
     * @return whether nobody waits for it any more
     */
    public boolean isClosed() {
        return loop.isClosed();
    }

    private Duration purge() {
        try {
            long rows = work.run();
            if (rows > 0) {
                LOG.debug("{}: {} expired rows deleted", subject, rows);
            }
            Troubles.over(purge);
        } catch (SQLException | RuntimeException refused) {
            if (!isClosed()) {
                Troubles.failed(purge, refused);
            }
        }
        return rest();
    }

    private Duration rest() {
        return Backoff.shortened(interval, SPREAD);
    }

    /** End the purge, and wait for the statement that runs now, so that no connection is in use when its data source is closed. */
    @Override
    public void close() {
        boolean unused = loop.close(ENDING);
    }
}
