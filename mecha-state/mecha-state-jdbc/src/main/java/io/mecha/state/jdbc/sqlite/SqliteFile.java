// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import io.mecha.Thrown;
import io.mecha.jdbc.FileWatch;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * The open file of one data directory, once for this JVM, for as long as it has users.
 *
 * <p>SQLite takes one writer at a time, so there is one connection that writes, handed on in turn by a fair lock: waiting
 * for it parks a virtual thread, while waiting inside SQLite would block its carrier and sleep in steps. Readers have
 * connections of their own and see the last commit; in WAL mode they and the writer do not wait for each other. Every
 * commit is flushed to the disk before it is acknowledged ({@code synchronous=FULL}).
 */
public final class SqliteFile {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
    private static final String FILE = "mecha.db";
    private static final int READERS =
            Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
    private static final int BUSY_MILLIS = 5_000;
    private static final int CLOSE_SECONDS = 10;
    private static final long JOURNAL_BYTES = 64L * 1024 * 1024;

    private static final ReentrantLock REGISTRY_LOCK = new ReentrantLock();
    private static final Map<Path, SqliteFile> REGISTRY = new HashMap<>();

    private final Path directory;
    private final DirectoryLock directoryLock;
    private final Handle writer;
    private final FileWatch watch;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final BlockingDeque<Handle> readers = new LinkedBlockingDeque<>();
    private int users;
    private volatile boolean closed;

    private SqliteFile(Path directory, DirectoryLock directoryLock) throws SQLException {
        this.directory = directory;
        this.directoryLock = directoryLock;
        this.writer = new Handle(connect(directory));
        this.watch = FileWatch.exclusive(directory.resolve(FILE));
        for (int i = 0; i < READERS; i++) {
            readers.add(new Handle(connect(directory)));
        }
    }

    /**
     * A connection and the statements that stay open with it; used by one thread at a time.
     *
     * @param connection the connection
     * @param statements prepared statements, by their text
     */
    record Handle(Connection connection, Map<String, PreparedStatement> statements) {

        Handle(Connection connection) {
            this(connection, new HashMap<>());
        }
    }

    /**
     * Open the file of a directory, or share it if it is open.
     *
     * @param directory the directory, which is created if it is missing
     * @return the file, to release
     * @throws io.mecha.InvalidConfigurationException if the directory cannot be used, or another process uses it
     */
    public static SqliteFile open(Path directory) {
        REGISTRY_LOCK.lock();
        try {
            Path key = real(directory);
            SqliteFile file = REGISTRY.get(key);
            if (file == null) {
                file = create(key);
                REGISTRY.put(key, file);
            }
            file.users++;
            return file;
        } finally {
            REGISTRY_LOCK.unlock();
        }
    }

    private static Path real(Path directory) {
        try {
            return DirectoryLock.create(directory);
        } catch (IOException e) {
            throw DirectoryLock.unusable(directory, e);
        }
    }

    private static SqliteFile create(Path directory) {
        DirectoryLock lock = DirectoryLock.acquire(directory);
        try {
            refuseReadOnly(directory.resolve(FILE));
            SqliteLibrary.load();
            return new SqliteFile(directory, lock);
        } catch (SQLException | IOException e) {
            try {
                lock.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw DirectoryLock.unusable(directory, e);
        }
    }

    // SQLite would open it all the same, and refuse the first write.
    private static void refuseReadOnly(Path file) throws IOException {
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString(), null, "the file is read-only");
        }
    }

    private static Connection connect(Path directory) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, Long.toString(JOURNAL_BYTES));
        return config.createConnection("jdbc:sqlite:" + directory.resolve(FILE));
    }

    Handle beginWriting(long nanos) throws SQLException {
        try {
            if (!writing.tryLock(nanos, TimeUnit.NANOSECONDS)) {
                throw new SQLTransientConnectionException(
                        "Other writers held the file for longer than the timeout", "08001");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (closed) {
            writing.unlock();
            throw closed();
        }
        boolean whole = false;
        try {
            watch.check(writer.connection());
            whole = true;
        } finally {
            if (!whole) {
                writing.unlock();
            }
        }
        return writer;
    }

    void endWriting() {
        writing.unlock();
    }

    Handle beginReading(long nanos) throws SQLException {
        Handle reader = readers.pollFirst();
        if (reader == null && !closed) {
            try {
                reader = readers.pollFirst(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        if (reader == null) {
            throw closed
                    ? closed()
                    : new SQLTransientConnectionException(
                            "All reading connections were in use for longer than the timeout", "08001");
        }
        return reader;
    }

    void endReading(Handle reader) {
        readers.addFirst(reader);
    }

    private static SQLException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new SQLTransientConnectionException("Interrupted while waiting for a connection", "08001", cause);
    }

    private static SQLException closed() {
        return new SQLTransientConnectionException("Closed", "08003");
    }

    /** Stop using the file; the last user closes it. */
    void release() {
        REGISTRY_LOCK.lock();
        try {
            if (--users == 0) {
                REGISTRY.remove(directory);
                close();
            }
        } finally {
            REGISTRY_LOCK.unlock();
        }
    }

    private void close() {
        closed = true;
        for (int i = 0; i < READERS; i++) {
            closeReader();
        }
        writing.lock();
        try {
            writer.connection().close();
        } catch (SQLException e) {
            LOG.warn("The file in '{}' was not closed properly; nothing is lost: {}", directory, Thrown.describe(e));
            LOG.debug("The file in '{}' was not closed properly", directory, e);
        } finally {
            writing.unlock();
        }
        watch.close();
        try {
            directoryLock.close();
        } catch (IOException e) {
            LOG.debug("The lock of '{}' was not released", directory, e);
        }
    }

    private void closeReader() {
        try {
            Handle reader = readers.pollFirst(CLOSE_SECONDS, TimeUnit.SECONDS);
            if (reader != null) {
                reader.connection().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.debug("A connection to the file in '{}' was not closed", directory, e);
        }
    }
}
