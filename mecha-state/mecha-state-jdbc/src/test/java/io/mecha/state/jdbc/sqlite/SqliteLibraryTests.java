// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.jdbc.EmbeddedStateOptions;
import io.mecha.state.jdbc.JdbcStateBackend;
import io.mecha.state.jdbc.OwnClassLoader;
import io.mecha.state.spi.StateBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("sets properties of the driver, which the whole process has")
class SqliteLibraryTests {

    private static final String DATA = "io.mecha.test.data";
    private static final String COPIES = "org.sqlite.tmpdir";
    private static final String PATH = "org.sqlite.lib.path";

    @TempDir
    Path data;

    @TempDir
    Path copies;

    @BeforeEach
    void say() {
        System.setProperty(DATA, data.toString());
        System.setProperty(COPIES, copies.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(DATA);
        System.clearProperty(COPIES);
        System.clearProperty(PATH);
    }

    @Test
    void leavesNoCopyOfTheLibraryOnDisk() throws Exception {
        try (OwnClassLoader loader = new OwnClassLoader()) {
            loader.run(Application.class);
        }

        assertThat(data.resolve("mecha.db")).exists();
        assertThat(copies).isEmptyDirectory();
        assertThat(System.getProperty(PATH)).isNull();
    }

    @Test
    void leavesToTheDriverALibraryThatTheApplicationNames() throws Exception {
        System.setProperty(PATH, data.toString());

        try (OwnClassLoader loader = new OwnClassLoader()) {
            loader.run(Application.class);
        }

        assertThat(data.resolve("mecha.db")).exists();
        assertThat(System.getProperty(PATH)).isEqualTo(data.toString());
    }

    /** Run through a class loader of its own, which has to load the library. */
    public static final class Application implements Runnable {

        @Override
        public void run() {
            try (StateBackend backend = JdbcStateBackend.embedded(
                    "carts", Path.of(System.getProperty(DATA)), EmbeddedStateOptions.DEFAULTS)) {
                assertThat(backend).isNotNull();
            }
        }
    }
}
