// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.state.jdbc.Writes.putIfAbsent;
import static io.mecha.state.jdbc.Writes.text;
import static io.mecha.state.jdbc.Writes.version;
import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.server.MariaDbDatabase;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbSpringTransactionIT extends SpringTransactionBehaviour {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static MariaDbDatabase database;
    private static HikariDataSource pool;

    @BeforeAll
    static void start() throws Exception {
        database = MariaDbDatabase.create();
        pool = DataSources.pool(database.url(database.port()), 4);
    }

    @AfterAll
    static void stop() throws Exception {
        if (database != null) {
            pool.close();
        }
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    /** The driver warns of each error of the server, with the key. */
    @Test
    void expectsConflictsWithoutErrorsOfTheServer() {
        CountingDataSource counting = new CountingDataSource(pool);
        JdbcStateOptions eager = new JdbcStateOptions(null, null, null, null, null, null, Duration.ofMillis(20), null);
        try (StateBackend backend = JdbcStateBackend.create("carts", counting, eager, false);
                StateBackend other = JdbcStateBackend.create("other", counting, eager, false)) {
            other.write(put("gone", "value", Duration.ofMillis(1)));
            eventually(PATIENCE, () -> assertThat(text(backend, "gone")).isNull());
            String version = version(backend.write(putIfAbsent("key", "value")));

            assertThat(backend.write(putIfAbsent("key", "other"))).isEqualTo(new WriteResult.Conflict(null, version));
            assertThat(backend.write(putIfAbsent("gone", "again")).applied()).isTrue();
            long purges = counting.count();
            eventually(PATIENCE, () -> assertThat(counting.count()).isGreaterThan(purges + 10));

            assertThat(text(backend, "key")).isEqualTo("value");
            assertThat(text(backend, "gone")).isEqualTo("again");
            assertThat(counting.failures()).isEmpty();
        }
    }

    @Override
    boolean snapshotsAreFinal() {
        return false;
    }
}
