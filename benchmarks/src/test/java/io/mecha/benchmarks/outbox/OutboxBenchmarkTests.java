// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.benchmarks.postgresql.PostgresProcess;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class OutboxBenchmarkTests {

    @Test
    void handlesWhatIsCommitted() throws Exception {
        try (PostgresProcess server = PostgresProcess.start();
                HikariDataSource pool = server.pool(4);
                OutboxBenchmark benchmark = new OutboxBenchmark(pool)) {
            benchmark.place(1);
            benchmark.await(1);
            benchmark.place(10);
            benchmark.await(10);

            assertThat(new JdbcTemplate(pool).queryForObject("select count(*) from placed", Integer.class))
                    .isEqualTo(2);
        }
    }
}
