// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import io.mecha.Thrown;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native library of SQLite's driver.
 *
 * <p>The driver copies it to a directory that all users of the machine may write to, compares each byte by a call of its own, which takes
 * a twentieth of the start of a web application, and leaves the copy there for as long as the JVM runs. Here it is copied to a directory
 * that only this user can read, and deleted as soon as the JVM has it. Wherever that does not work, the driver does what it would do.
 */
final class SqliteLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

    // The names of the driver's own properties.
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String COPIES = "org.sqlite.tmpdir";

    private static boolean tried;

    private SqliteLibrary() {}

    /** Load the library, once in this JVM, unless the application says where it is. */
    static synchronized void load() {
        if (!tried) {
            tried = true;
            // A library that is in use cannot be deleted on Windows; the driver deletes it at the next start.
            if (File.separatorChar == '/' && System.getProperty(PATH) == null && System.getProperty(NAME) == null) {
                try {
                    copyAndLoad();
                } catch (Exception left) { // allow CatchException: the driver declares it, and tries again by itself
                    LOG.debug("The library of SQLite is left to its driver: {}", Thrown.describe(left));
                }
            }
        }
    }

    private static void copyAndLoad() throws Exception {
        String name = LibraryLoaderUtil.getNativeLibName();
        try (InputStream library =
                SQLiteJDBCLoader.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
            if (library == null) {
                return;
            }
            Path directory = directory(System.getProperty(COPIES));
            Path copy = directory.resolve(name);
            try {
                Files.copy(library, copy);
                System.setProperty(PATH, directory.toString());
                boolean unused = SQLiteJDBCLoader.initialize();
            } finally {
                System.clearProperty(PATH);
                Files.deleteIfExists(copy);
                Files.deleteIfExists(directory);
            }
        }
    }

    private static Path directory(@Nullable String parent) throws IOException {
        return parent == null
                ? Files.createTempDirectory("mecha-sqlite")
                : Files.createTempDirectory(Path.of(parent), "mecha-sqlite");
    }
}
