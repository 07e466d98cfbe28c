// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.StateBackend;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class PostgresSpringTransactionIT extends SpringTransactionBehaviour {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    DataSource dataSource() {
        return server.first();
    }

    @Test
    void announcesAfterTheCommitAndNothingThatWasRolledBack() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource()));
        try (StateBackend backend = JdbcStateBackend.create("carts", dataSource(), JdbcStateOptions.DEFAULTS, true)) {
            listen(backend, heard);
            eventually(PATIENCE, () -> {
                backend.write(put("probe", "value"));
                assertThat(heard).contains("probe");
            });

            transaction.executeWithoutResult(status -> {
                backend.write(put("undone", "value"));
                status.setRollbackOnly();
            });
            transaction.executeWithoutResult(status -> {
                backend.write(put("done", "value"));
                hear(backend, heard, "meanwhile");
                assertThat(heard).doesNotContain("done");
            });

            eventually(PATIENCE, () -> assertThat(heard).contains("done"));
            assertThat(heard).doesNotContain("undone");
        }
    }

    /** Have another thread write and wait until that is heard. */
    private static void hear(StateBackend backend, Queue<String> heard, String key) {
        Thread other = new Thread(() -> backend.write(put(key, "value")));
        other.start();
        eventually(PATIENCE, () -> assertThat(heard).contains(key));
    }

    private static void listen(StateBackend backend, Queue<String> heard) {
        backend.capabilities().find(ChangeNotifications.class).orElseThrow().listen("", listener(heard));
    }

    private static ChangeNotifications.Listener listener(Queue<String> heard) {
        return new ChangeNotifications.Listener() {
            @Override
            public void changed(String key) {
                heard.add(key);
            }

            @Override
            public void missed() {
                // this test loses no connection
            }
        };
    }
}
