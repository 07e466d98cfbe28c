// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.jdbc.DataSourceConnections.LentConnection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class ReservedConnectionTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void isOneOfThePoolWhileTheServerGivesNoOther() throws SQLException {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:reserved");
        DataSourceConnections connections = new DataSourceConnections(new Pool(h2), TIMEOUT, 5_000);
        try (ReservedConnection reserved = ReservedConnection.share(connections, TIMEOUT)) {
            LentConnection lent = reserved.lend();
            try {
                assertThat(lent.connection().getMetaData().getURL()).startsWith("jdbc:h2:");
            } finally {
                lent.giveBack();
            }
        }
    }

    /** A pool that has connections, of a server that accepts no more. */
    static final class Pool extends DelegatingDataSource {

        Pool(DataSource connections) {
            super(connections);
        }

        public String getUrl() {
            return "jdbc:postgresql://localhost:1/none";
        }

        public int getMaxTotal() {
            return 2;
        }
    }
}
