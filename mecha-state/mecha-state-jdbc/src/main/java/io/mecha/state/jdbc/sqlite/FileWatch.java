// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import io.mecha.jdbc.SchemaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A watch over the files of an open SQLite database, for the thread that writes.
 *
 * <p>SQLite goes on writing to a file that was removed or truncated, and what it acknowledges is gone with the process. So
 * each write looks first whether the files are still the ones that were opened and no shorter than they were, or at least as
 * long as SQLite takes them to be. That takes their attributes only: to open such a file here and close it again would end
 * SQLite's own locks on it.
 */
final class FileWatch {

    private static final int LOOKS = 3;
    private static final int JOURNAL_HEADER = 32;
    private static final int FRAME_HEADER = 24;

    private final Path directory;
    private final List<Watched> files;

    FileWatch(Path database) {
        this.directory = Objects.requireNonNull(database.getParent(), "directory");
        Path journal = database.resolveSibling(database.getFileName() + "-wal");
        this.files = List.of(new Watched(database, false), new Watched(journal, true));
    }

    /** A file as it was last seen. */
    private static final class Watched {

        private final Path file;
        private final boolean journal;
        private @Nullable Object identity;
        private boolean seen;
        private long size;

        Watched(Path file, boolean journal) {
            this.file = file;
            this.journal = journal;
        }
    }

    /**
     * Look at the files.
     *
     * @param connection the connection that writes
     * @throws SchemaException if what is written now would be lost
     */
    void check(Connection connection) throws SQLException {
        for (Watched watched : files) {
            check(connection, watched);
        }
    }

    private void check(Connection connection, Watched watched) throws SQLException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(watched.file, BasicFileAttributes.class);
        } catch (IOException e) {
            if (watched.seen) {
                throw lost(watched, "was removed, or cannot be reached any more,");
            }
            return; // not made yet
        }
        if (watched.seen && !Objects.equals(watched.identity, now.fileKey())) {
            throw lost(watched, "was replaced by another");
        }
        // SQLite itself cuts its journal once the file has it all, and the file when somebody has vacuumed it.
        if (now.size() < watched.size && !isWhole(connection, watched)) {
            throw lost(watched, "was truncated");
        }
        watched.seen = true;
        watched.identity = now.fileKey();
        watched.size = now.size();
    }

    /**
     * Tells whether a file is as long as SQLite takes it to be.
     *
     * <p>Whoever writes makes the file longer before it counts, and whoever cuts it does so after, so that what somebody did
     * between two questions is settled by asking again.
     */
    private static boolean isWhole(Connection connection, Watched watched) throws SQLException {
        for (int look = 0; look < LOOKS; look++) {
            long pageSize = number(connection, "pragma page_size", 1);
            long needed;
            if (watched.journal) {
                long frames = number(connection, "pragma wal_checkpoint(noop)", 2); // only counts
                needed = frames > 0 ? JOURNAL_HEADER + frames * (FRAME_HEADER + pageSize) : 0;
            } else {
                needed = pageSize * number(connection, "pragma page_count", 1);
            }
            if (watched.file.toFile().length() >= needed) {
                return true;
            }
        }
        return false;
    }

    private static long number(Connection connection, String pragma, int column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getLong(column) : Long.MAX_VALUE;
        }
    }

    private SchemaException lost(Watched watched, String what) {
        return new SchemaException(
                "the file '%s' %s while it was in use, so that writes to it would be lost"
                        .formatted(watched.file, what),
                "Stop the application, restore '%s' from a backup, and start again; without a file it begins empty."
                        .formatted(directory));
    }
}
