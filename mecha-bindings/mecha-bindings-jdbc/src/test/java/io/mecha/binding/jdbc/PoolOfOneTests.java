// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class PoolOfOneTests {

    @Nested
    class H2 extends PoolOfOne {

        @Override
        String url() {
            return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        }
    }

    @Nested
    class Sqlite extends PoolOfOne {

        @TempDir
        private Path directory;

        @Override
        String url() {
            return "jdbc:sqlite:" + directory.resolve("events.db");
        }
    }
}
