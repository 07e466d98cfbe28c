// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A watch over the files of an open SQLite database.
 *
 * <p>SQLite goes on writing to a file that was removed or truncated, and what it acknowledges is gone with the process. So
 * each write looks whether the files are still the ones that were opened and no shorter than they were, or at least as
 * long as SQLite takes them to be. To open such a file here and close it again would end SQLite's own locks on it.
 *
 * <p>There are two kinds. A file that others share, or that a pool opens and closes, is looked at by its attributes alone;
 * its journal may come and go with the connections. A file whose connections stay open as long as the watch is looked at
 * for less: its length is asked of a descriptor that stays open as well, and its name only when its directory has changed
 * since the last look. A directory's time tells nothing of two changes in one tick of the clock, so that names are also
 * looked at while the last change is fresh, and now and then.
 */
public final class FileWatch implements AutoCloseable {

    private static final int LOOKS = 3;
    private static final int JOURNAL_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int LOCKED = 6;
    private static final long FRESH_MILLIS = 50;
    private static final long NOW_AND_THEN_MILLIS = 100;

    private final File directory;
    private final boolean exclusive;
    private final Watched file;
    private final Watched journal;
    private final ReentrantLock lock = new ReentrantLock();
    private long changed;
    private long named;
    private boolean all;

    private FileWatch(Path database, boolean exclusive) {
        this.directory =
                Objects.requireNonNull(database.getParent(), "directory").toFile();
        this.exclusive = exclusive;
        this.file = new Watched(database, false);
        this.journal = new Watched(database.resolveSibling(database.getFileName() + "-wal"), true);
    }

    /**
     * Watch a file that has a connection as long as the watch is open.
     *
     * @param database the file
     * @return a watch, to close after the last connection
     */
    public static FileWatch exclusive(Path database) {
        return new FileWatch(database, true);
    }

    /**
     * Watch the file of a connection, which others may open and close.
     *
     * @param connection a connection to SQLite
     * @return a watch; empty if the database is in memory
     * @throws SQLException if the connection does not know
     */
    public static Optional<FileWatch> shared(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select file from pragma_database_list where name = 'main'")) {
            String file = row.next() ? row.getString(1) : null;
            return file == null || file.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new FileWatch(Path.of(file).toAbsolutePath(), false));
        }
    }

    /** A file as it was last seen. */
    private static final class Watched {

        private final Path path;
        private final boolean journal;
        private @Nullable Object identity;
        private @Nullable RandomAccessFile descriptor; // a channel would be closed by the interrupt of a caller
        private boolean seen;
        private long size;

        Watched(Path path, boolean journal) {
            this.path = path;
            this.journal = journal;
        }
    }

    /**
     * Look at the files.
     *
     * @param connection a connection to the database, in use by this thread
     * @throws SchemaException if what is written now would be lost
     * @throws SQLException if the connection fails
     */
    public void check(Connection connection) throws SQLException {
        lock.lock();
        try {
            if (exclusive && all && !due()) {
                grown(connection, file);
                grown(connection, journal);
            } else {
                all = false;
                boolean hasFile = look(connection, file);
                boolean hasJournal = look(connection, journal);
                all = hasFile && hasJournal;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tell whether names may mean other files than at the last look; a directory that is gone has another time. */
    private boolean due() {
        long before = changed;
        changed = directory.lastModified();
        long now = System.currentTimeMillis();
        boolean due = changed != before
                || Math.abs(now - named) > NOW_AND_THEN_MILLIS
                || Math.abs(now - changed) < FRESH_MILLIS;
        if (due) {
            named = now;
        }
        return due;
    }

    private void grown(Connection connection, Watched watched) throws SQLException {
        RandomAccessFile descriptor = Objects.requireNonNull(watched.descriptor, "descriptor");
        try {
            resized(connection, watched, descriptor.length());
        } catch (IOException e) {
            throw lost(watched, "cannot be reached any more");
        }
    }

    /** Return whether the file is there. */
    private boolean look(Connection connection, Watched watched) throws SQLException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(watched.path, BasicFileAttributes.class);
        } catch (IOException e) {
            if (watched.seen && !hasNoJournal(connection, watched)) {
                throw lost(watched, "was removed, or cannot be reached any more,");
            }
            watched.seen = false;
            return false; // not made yet
        }
        if (watched.seen && !Objects.equals(watched.identity, now.fileKey())) {
            if (exclusive || !watched.journal) {
                throw lost(watched, "was replaced by another");
            }
            watched.size = 0; // the last connection was closed meanwhile, and the journal with it
        }
        resized(connection, watched, now.size());
        watched.seen = true;
        watched.identity = now.fileKey();
        return !exclusive || opened(watched);
    }

    // SQLite itself cuts its journal once the file has it all, and the file when somebody has vacuumed it.
    private void resized(Connection connection, Watched watched, long size) throws SQLException {
        if (size < watched.size) {
            if (isBusy(connection, watched)) {
                return; // the next look asks again
            }
            int missing = missing(connection, watched);
            if (missing > 0) {
                throw lost(watched, "was truncated");
            }
            if (missing < 0) {
                return; // a checkpoint makes it longer, and the look after that tells
            }
        }
        watched.size = size;
    }

    /** Keep a descriptor of a file, for its length. */
    private static boolean opened(Watched watched) {
        if (watched.descriptor == null) {
            try {
                watched.descriptor = new RandomAccessFile(watched.path.toFile(), "r");
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tell whether a journal that is gone is not needed any more, as after the last connection of a pool was closed.
     *
     * <p>A new connection makes one when it first reads; an older one that has lost its own does not.
     */
    private boolean hasNoJournal(Connection connection, Watched watched) throws SQLException {
        if (!watched.journal || exclusive) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet schema = statement.executeQuery("select count(*) from sqlite_master")) {
            schema.next();
        }
        return Files.exists(watched.path) || !"wal".equalsIgnoreCase(text(connection, "pragma journal_mode"));
    }

    /**
     * Tell how a file's length compares with what SQLite takes it to be: 0 if it is all there, 1 if some is missing, -1 if what
     * it lacks may be in the journal.
     *
     * <p>A change that makes the file longer does so before it counts, and one that cuts it does so after, so that what somebody did
     * between two questions is settled by asking again. The database has pages that only the journal has until a checkpoint;
     * there are no more of them than frames that no checkpoint has seen.
     */
    private static int missing(Connection connection, Watched watched) throws SQLException {
        for (int look = 0; look < LOOKS; look++) {
            long pageSize = number(connection, "pragma page_size", 1);
            long pages = watched.journal ? 0 : number(connection, "pragma page_count", 1);
            Frames frames = Frames.of(connection);
            long needed = pageSize * pages;
            long certain = pageSize * (pages - frames.ahead());
            if (watched.journal) {
                needed = frames.all() > 0 ? JOURNAL_HEADER + frames.all() * (FRAME_HEADER + pageSize) : 0;
                certain = needed;
            }
            long length = watched.path.toFile().length();
            if (length >= certain) {
                return length >= needed ? 0 : -1;
            }
        }
        return 1;
    }

    /** The number of frames of the journal, and of those that are in the file as well; negative without a journal. */
    private record Frames(long all, long checkpointed) {

        static Frames of(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("pragma wal_checkpoint(noop)")) { // only counts
                return row.next() ? new Frames(row.getLong(2), row.getLong(3)) : new Frames(-1, -1);
            }
        }

        long ahead() {
            return Math.max(0, all - checkpointed);
        }
    }

    /**
     * Tell whether a transaction keeps SQLite from saying how much of a file it needs.
     *
     * <p>Once it has begun to read or write, nobody can count the frames of the journal; and the count of pages has those that
     * only the transaction has. To ask for that count would begin it.
     */
    private static boolean isBusy(Connection connection, Watched watched) throws SQLException {
        boolean transaction = !connection.getAutoCommit();
        if (transaction && !watched.journal) {
            return true;
        }
        try {
            return Frames.of(connection).all() < 0 && transaction;
        } catch (SQLException e) {
            if ((e.getErrorCode() & 0xff) == LOCKED) {
                return true;
            }
            throw e;
        }
    }

    private static long number(Connection connection, String pragma, int column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getLong(column) : Long.MAX_VALUE;
        }
    }

    private static @Nullable String text(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private SchemaException lost(Watched watched, String what) {
        return new SchemaException(
                "the file '%s' %s while it was in use, so that writes to it would be lost"
                        .formatted(watched.path, what),
                "Stop the application, restore '%s' from a backup, and start again; without a file it begins empty."
                        .formatted(directory));
    }

    /** Close the descriptors, which ends the locks of this process on the files. */
    @Override
    public void close() {
        lock.lock();
        try {
            all = false;
            for (Watched watched : List.of(file, journal)) {
                RandomAccessFile descriptor = watched.descriptor;
                watched.descriptor = null;
                if (descriptor != null) {
                    descriptor.close();
                }
            }
        } catch (IOException e) {
            // nothing was written with it
        } finally {
            lock.unlock();
        }
    }
}
