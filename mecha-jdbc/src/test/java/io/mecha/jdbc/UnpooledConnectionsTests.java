// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class UnpooledConnectionsTests {

    @Test
    void knowsPoolsThatPrepareTheirConnections() {
        try (HikariDataSource plain = new HikariDataSource();
                HikariDataSource schema = new HikariDataSource();
                HikariDataSource statement = new HikariDataSource()) {
            schema.setSchema("billing");
            statement.setConnectionInitSql("set search_path to billing");

            assertThat(UnpooledConnections.prepares(plain)).isFalse();
            assertThat(UnpooledConnections.prepares(schema)).isTrue();
            assertThat(UnpooledConnections.prepares(new DelegatingDataSource(schema)))
                    .isTrue();
            assertThat(UnpooledConnections.prepares(statement)).isTrue();
        }
    }

    @Test
    void knowsPoolsThatRunSeveralStatements() {
        assertThat(UnpooledConnections.prepares(new Statements(List.of()))).isFalse();
        assertThat(UnpooledConnections.prepares(new Statements(List.of("set role billing"))))
                .isTrue();
    }

    /** A pool with the property that DBCP has. */
    static final class Statements extends DelegatingDataSource {

        private final List<String> statements;

        Statements(List<String> statements) {
            this.statements = statements;
        }

        public List<String> getConnectionInitSqls() {
            return statements;
        }
    }
}
