// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.state.jdbc.Writes.putIfAbsent;
import static io.mecha.state.jdbc.Writes.remove;
import static io.mecha.state.jdbc.Writes.replace;
import static io.mecha.state.jdbc.Writes.text;
import static io.mecha.state.jdbc.Writes.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.InvalidConfigurationException;
import io.mecha.PageRequest;
import io.mecha.jdbc.Database;
import io.mecha.state.StateBackendException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.jdbc.JdbcStateOptions.InitializeSchema;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.StateSchema;
import io.mecha.state.jdbc.sql.Table;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.unit.DataSize;

class JdbcStateBackendTests {

    private final HikariDataSource pool =
            DataSources.pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", 4);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void runsOneStatementForEachPlainCall() {
        CountingDataSource counting = new CountingDataSource(pool);
        try (StateBackend backend = JdbcStateBackend.create("carts", counting, JdbcStateOptions.DEFAULTS, false)) {
            backend.ping();
            counting.take();

            String version = version(backend.write(putIfAbsent("key", "value")));
            assertThat(counting.take()).containsExactly("insert");
            backend.write(put("key", "value"));
            assertThat(counting.take()).containsExactly("merge");
            backend.read("key");
            assertThat(counting.take()).containsExactly("select");
            backend.readAll(List.of("key", "other"));
            assertThat(counting.take()).containsExactly("select");
            backend.write(replace("key", "value", version));
            assertThat(counting.take()).as("a conflict looks for the version").containsExactly("update", "select");
            backend.write(remove("key"));
            assertThat(counting.take()).containsExactly("delete");
        }
    }

    @Test
    void runsAFixedNumberOfStatementsForManyKeys() {
        CountingDataSource counting = new CountingDataSource(pool);
        try (StateBackend backend = JdbcStateBackend.create("carts", counting, JdbcStateOptions.DEFAULTS, false)) {
            backend.ping();
            counting.take();

            backend.writeAll(List.of(put("a", "1"), put("b", "1"), put("c", "1")));
            assertThat(counting.take()).containsExactly("merge", "commit");
            transactions(backend).execute(List.of(put("a", "2"), put("d", "2"), remove("b"), put("c", "2")));
            assertThat(counting.take()).containsExactly("select", "insert", "merge", "delete", "commit");
        }
    }

    @Test
    void commitsOnAPoolWithoutAutoCommit() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(pool.getJdbcUrl());
        config.setAutoCommit(false);
        try (HikariDataSource manual = new HikariDataSource(config);
                StateBackend backend = JdbcStateBackend.create("carts", manual, JdbcStateOptions.DEFAULTS, false)) {
            backend.write(put("key", "value"));
            backend.writeAll(List.of(put("a", "1"), remove("key")));

            assertThat(text(backend, "a")).isEqualTo("1");
            assertThat(text(backend, "key")).isNull();
        }
        assertThat(new JdbcTemplate(pool).queryForObject("select count(*) from mecha_state", Integer.class))
                .isOne();
    }

    @Test
    void keepsStateInTheTableThatIsConfigured() {
        new JdbcTemplate(pool).execute("create schema shop");

        try (StateBackend backend = create(table("shop.cart_state"))) {
            backend.write(put("key", "value"));
            assertThat(text(backend, "key")).isEqualTo("value");
        }

        assertThat(new JdbcTemplate(pool).queryForObject("select count(*) from shop.cart_state", Integer.class))
                .isOne();
    }

    @Test
    void namesThePropertyAndTheFileWhenTheTableIsMissing() {
        JdbcStateOptions never = new JdbcStateOptions(null, null, InitializeSchema.NEVER, null, null, null, null, null);

        try (StateBackend backend = create(never)) {
            assertThatExceptionOfType(StateBackendException.class)
                    .isThrownBy(() -> backend.write(put("key", "value")))
                    .withMessageContaining("table 'mecha_state'")
                    .withMessageContaining("mecha.state.jdbc.initialize-schema")
                    .withMessageContaining("classpath:io/mecha/state/jdbc/schema-h2.sql");
        }
    }

    @Test
    void usesATableThatTheUserCreated() {
        for (String sql : StateSchema.statements(Dialect.of(Database.H2, new Table("mecha_state"), null))) {
            new JdbcTemplate(pool).execute(sql);
        }
        JdbcStateOptions never = new JdbcStateOptions(null, null, InitializeSchema.NEVER, null, null, null, null, null);

        try (StateBackend backend = create(never)) {
            assertThat(backend.write(put("key", "value")).applied()).isTrue();
        }
    }

    @Test
    void refusesATableWithOtherColumns() {
        new JdbcTemplate(pool).execute("create table mecha_state (id integer)");

        try (StateBackend backend = create(JdbcStateOptions.DEFAULTS)) {
            assertThatExceptionOfType(StateBackendException.class)
                    .isThrownBy(() -> backend.read("key"))
                    .withMessageContaining("is missing, or differs from its definition");
        }
    }

    @Test
    void reportsAllMistakesAtOnce() {
        JdbcStateOptions options = new JdbcStateOptions(
                null, "x; drop", null, null, Duration.ZERO, true, Duration.ZERO, DataSize.ofBytes(0));

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> create(options))
                .withMessageContaining("[mecha.state.stores.carts.jdbc.table]")
                .withMessageContaining("[mecha.state.stores.carts.jdbc.timeout]")
                .withMessageContaining("[mecha.state.stores.carts.jdbc.purge-interval]")
                .withMessageContaining("[mecha.state.stores.carts.jdbc.maximum-value-size]")
                .withMessageContaining("[mecha.state.stores.carts.jdbc.group-commit]")
                .withMessageContaining("not available on h2");
    }

    @Test
    void failsAtOnceWhenTheServerWasNeverThere() {
        HikariDataSource nowhere = DataSources.impatientPool("jdbc:postgresql://localhost:1/none", 2);
        try (nowhere;
                StateBackend backend = JdbcStateBackend.create("carts", nowhere, JdbcStateOptions.DEFAULTS, true)) {
            assertThat(backend.capabilities().types()).hasSize(5);
            assertThatExceptionOfType(StateUnavailableException.class).isThrownBy(() -> backend.read("key"));

            long start = System.nanoTime();
            assertThatExceptionOfType(StateUnavailableException.class)
                    .isThrownBy(() -> backend.write(put("key", "value")))
                    .satisfies(failure -> assertThat(failure.mayHaveHappened()).isFalse())
                    .withCauseInstanceOf(SQLException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
        }
    }

    @Test
    void hidesItsOwnRowsFromScans() {
        try (StateBackend backend = create(JdbcStateOptions.DEFAULTS)) {
            backend.write(put("key", "value"));
            new JdbcTemplate(pool)
                    .update(
                            "insert into mecha_state (state_key, state_value, version) values (?, ?, ?)",
                            (ReservedKeys.PING + "gone").getBytes(StandardCharsets.UTF_8),
                            new byte[0],
                            "version");

            KeyScan scan = backend.capabilities().find(KeyScan.class).orElseThrow();
            assertThat(scan.keys("", PageRequest.first(10)).items()).containsExactly("key");
        }
    }

    private StateBackend create(JdbcStateOptions options) {
        return JdbcStateBackend.create("carts", pool, options, false);
    }

    private static JdbcStateOptions table(String name) {
        return new JdbcStateOptions(null, name, null, null, null, null, null, null);
    }

    private static Transactions transactions(StateBackend backend) {
        return backend.capabilities().find(Transactions.class).orElseThrow();
    }
}
