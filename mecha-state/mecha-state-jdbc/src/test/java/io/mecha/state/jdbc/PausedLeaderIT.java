// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.engine.Coordination;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.server.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A leader whose process is stopped by a signal for longer than its lease. */
class PausedLeaderIT {

    @Test
    void hasNoWriteAcceptedAfterAnotherNodeTookOver() throws Exception {
        PostgresDatabase database = PostgresDatabase.create();
        String url = database.url(database.port());
        try (PausedLeader paused = PausedLeader.start(url);
                HikariDataSource pool = DataSources.pool(url, 4)) {
            assertThat(paused.next()).isEqualTo("leads");
            assertThat(paused.write()).isEqualTo("written");

            paused.signal("STOP");
            StateBackend backend = JdbcStateBackend.create("carts", pool, JdbcStateOptions.DEFAULTS, false);
            Transactions transactions =
                    backend.capabilities().find(Transactions.class).orElseThrow();
            try (Coordination node = Coordination.builder("carts", "jdbc", "", backend.capabilities())
                    .build()) {
                BlockingQueue<FencingToken> elected = new LinkedBlockingQueue<>();
                node.elections().join(PausedLeader.NAME, PausedLeader.listener(elected), PausedLeader.OPTIONS);
                FencingToken token = elected.poll(1, TimeUnit.MINUTES);
                assertThat(token).isNotNull();
                assertThat(transactions
                                .execute(PausedLeader.write(token, "the heir"))
                                .committed())
                        .isTrue();

                paused.signal("CONT");

                for (int i = 0; i < 20; i++) {
                    assertThat(paused.write()).isEqualTo("refused");
                }
                assertThat(writer(backend)).isEqualTo("the heir");
                assertThat(transactions
                                .execute(PausedLeader.write(token, "still the heir"))
                                .committed())
                        .isTrue();
            } finally {
                backend.close();
            }
        }
    }

    private static String writer(StateBackend backend) {
        return new String(
                Objects.requireNonNull(backend.read(PausedLeader.KEY)).value().bytes(), StandardCharsets.UTF_8);
    }
}
