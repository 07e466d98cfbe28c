// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * The notifications of PostgreSQL on one data source, shared by all that hear or announce something there.
 *
 * <p>One connection listens, for all channels. It is opened beside the pool where the data source tells what it connects
 * with; otherwise it is one of the pool's. Announcing holds no connection: it borrows one for a statement, after the commit
 * of what is announced, for all that came up meanwhile. {@code NOTIFY} inside of a transaction would take a lock of the whole
 * server at its commit, which makes all writers queue.
 */
public final class PostgresNotifier implements AutoCloseable {

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final IdentityHashMap<DataSource, PostgresNotifier> SHARED = new IdentityHashMap<>();

    private final DataSource dataSource;
    private final PostgresListener listener;
    private final PostgresAnnouncer announcer;
    private int users;

    private PostgresNotifier(DataSourceConnections connections) {
        this.dataSource = connections.dataSource();
        UnpooledConnections.Source unpooled = UnpooledConnections.of(dataSource);
        this.listener = new PostgresListener(unpooled == null ? connections::connect : unpooled);
        this.announcer = new PostgresAnnouncer(connections);
    }

    /** A listener that is told of announcements, on one thread. */
    public interface Listener {

        /**
         * Learn what was announced.
         *
         * @param line a line as it was announced
         */
        void heard(String line);

        /** Learn that something may have been announced that was not heard. */
        void missed();
    }

    /** An end that comes once; running it again does nothing. */
    @FunctionalInterface
    public interface Ending {

        /** End it. */
        void end();
    }

    /**
     * Use the notifications of a data source.
     *
     * @param connections lend its connections
     * @return what all users of the data source share; each closes it once
     */
    public static PostgresNotifier share(DataSourceConnections connections) {
        LOCK.lock();
        try {
            PostgresNotifier shared =
                    SHARED.computeIfAbsent(connections.dataSource(), missing -> new PostgresNotifier(connections));
            shared.users++;
            return shared;
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Tell whether listening would take the only connection of a pool.
     *
     * @param dataSource where connections come from
     * @return whether nobody else would get one
     */
    public static boolean starves(DataSource dataSource) {
        return UnpooledConnections.of(dataSource) == null && UnpooledConnections.poolSize(dataSource) < 2;
    }

    /**
     * Listen to a channel.
     *
     * @param channel an identifier in lower case
     * @param listening is told, until that is ended; also whenever something may have been missed, as at the beginning
     * @return ends it
     */
    public Ending listen(String channel, Listener listening) {
        return listener.add(channel, listening);
    }

    /**
     * Announce lines in the background; what cannot be announced is told as missed.
     *
     * @param channel an identifier in lower case
     * @param lines texts without line breaks
     */
    public void announce(String channel, Collection<String> lines) {
        announcer.announce(channel, lines);
    }

    /** Stop using the notifications; the last user ends them, and announces what is left without waiting long. */
    @Override
    public void close() {
        LOCK.lock();
        try {
            if (--users > 0) {
                return;
            }
            SHARED.remove(dataSource);
        } finally {
            LOCK.unlock();
        }
        listener.close();
        announcer.close();
    }
}
