// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

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
 * each write looks first whether the files are still the ones that were opened and no shorter than they were. That takes
 * their attributes only: to open such a file here and close it again would end SQLite's own locks on it.
 */
final class FileWatch {

    private final Path directory;
    private final List<Watched> files;

    FileWatch(Path database, long longestJournal) {
        this.directory = Objects.requireNonNull(database.getParent(), "directory");
        Path journal = database.resolveSibling(database.getFileName() + "-wal");
        this.files = List.of(new Watched(database, Long.MAX_VALUE), new Watched(journal, longestJournal));
    }

    /** A file as it was last seen. */
    private static final class Watched {

        private final Path file;
        private final long shrinksTo;
        private @Nullable Object identity;
        private boolean seen;
        private long size;

        Watched(Path file, long shrinksTo) {
            this.file = file;
            this.shrinksTo = shrinksTo;
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
        // SQLite itself cuts its journal back to the limit, and the file when somebody has vacuumed it.
        if (now.size() < Math.min(watched.size, watched.shrinksTo)
                && (watched.shrinksTo < Long.MAX_VALUE || now.size() < used(connection))) {
            throw lost(watched, "was truncated");
        }
        watched.seen = true;
        watched.identity = now.fileKey();
        watched.size = now.size();
    }

    private static long used(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select page_count * page_size from pragma_page_count(), pragma_page_size()")) {
            return row.next() ? row.getLong(1) : Long.MAX_VALUE;
        }
    }

    private SchemaException lost(Watched watched, String what) {
        return new SchemaException(
                "the file '%s' %s while it was in use, so that nothing written to it would stay"
                        .formatted(watched.file, what),
                "Stop the application, restore '%s' from a backup, and start again; without a file it begins empty."
                        .formatted(directory));
    }
}
