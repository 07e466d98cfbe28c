// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.sql.Connection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class JdbcCredentialsTests {

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID();

    @Test
    void tellsAWrongPasswordFromADatabaseThatIsAway() throws Exception {
        try (Connection connection = dataSource("right").getConnection();
                BindingBackend backend = TestSettings.backend(TestSettings.factory(dataSource("wrong")), "orders")) {
            assertThat(connection.isValid(1)).isTrue();

            assertThatThrownBy(backend::ping)
                    .isInstanceOf(BindingBackendException.class)
                    .hasMessageContaining("MECHA-B319")
                    .hasMessageContaining("user and password");
            assertThatThrownBy(() -> backend.capabilities()
                            .find(Groups.class)
                            .orElseThrow()
                            .declare("billing", Ordering.NONE))
                    .hasMessageContaining("MECHA-B319");
            assertThatThrownBy(() -> backend.capabilities()
                            .find(Outbound.class)
                            .orElseThrow()
                            .send("1", Message.received(null, null, Map.of("id", "1"), Map.of(), null))
                            .toCompletableFuture()
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join())
                    .cause()
                    .isInstanceOf(SendException.class)
                    .hasMessageContaining("MECHA-B319");
        }
    }

    private JdbcDataSource dataSource(String password) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(url);
        dataSource.setUser("sa");
        dataSource.setPassword(password);
        return dataSource;
    }
}
