// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.Guard;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.connection.Connections;
import io.mecha.state.jdbc.connection.KnownDatabase;
import io.mecha.state.jdbc.connection.SpringConnections;
import io.mecha.state.jdbc.connection.SqlErrors;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Table;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class PurgeTests {

    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofMillis(5);

    private HikariDataSource pool;
    private StateBackend backend;
    private Purge first;
    private Purge second;

    @BeforeEach
    void open() {
        pool = DataSources.pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", 4);
        backend = JdbcStateBackend.create("carts", pool, JdbcStateOptions.DEFAULTS, false);
        backend.ping();
        first = node(INTERVAL);
        second = node(INTERVAL);
    }

    @AfterEach
    void close() {
        backend.close();
        pool.close();
    }

    @Test
    void runsOnOneNodeInEachInterval() {
        expire(10);

        assertThat(first.purge()).isEqualTo(10);
        expire(10);

        assertThat(second.purge()).isZero();
        assertThat(first.purge()).isZero();
    }

    @Test
    void runsOnAnotherNodeInTheNextInterval() {
        assertThat(node(SOON).purge()).isZero();
        expire(10);

        assertThat(second.purge()).isEqualTo(10);
    }

    @Test
    void needsNoLeaseWhereThereIsNoTableOfLeases() {
        expire(10);

        assertThat(node(INTERVAL, false).purge()).isEqualTo(10);
    }

    @Test
    void deletesMoreThanOneStatementDoes() {
        expire(Dialect.PURGE_ROWS + 10);

        assertThat(first.purge()).isEqualTo(Dialect.PURGE_ROWS + 10);
    }

    @Test
    void leavesWhatLivesOrWasRenewed() {
        expire(10);
        backend.write(put("key-0", "renewed"));
        backend.write(put("later", "value", Duration.ofHours(1)));

        assertThat(first.purge()).isEqualTo(9);
        assertThat(backend.readAll(List.of("key-0", "later"))).hasSize(2);
    }

    @Test
    void knowsTheStatementOfEachProduct() {
        List<String> statements = new ArrayList<>();
        for (Database database : Database.values()) {
            statements.add(Dialect.of(database, new Table("state"), null)
                    .statements()
                    .purge()
                    .text());
        }

        assertThat(statements)
                .allSatisfy(sql ->
                        assertThat(sql).startsWith("delete from state where").contains("expires_at <= ", "1000"));
    }

    private Purge node(Duration interval) {
        return node(interval, true);
    }

    private Purge node(Duration interval, boolean create) {
        Limits limits = Limits.of("carts", "jdbc", null, null, null, new ArrayList<>());
        Connections connections = new SpringConnections(
                new DataSourceConnections(pool, limits.timeout(), limits.networkTimeoutMillis()),
                limits.timeoutSeconds());
        Table table = new Table("mecha_state");
        KnownDatabase known = new KnownDatabase(Dialect.of(Database.H2, table, null), 1);
        Guard<KnownDatabase> guard = new Guard<>("carts", INTERVAL, known, () -> known);
        Calls calls = new Calls("carts", guard, connections, new SqlErrors("carts", "jdbc"));
        return new Purge("carts", calls, new JdbcLeases("carts", calls, calls, create, null), table, interval);
    }

    private void expire(int rows) {
        List<Mutation> puts = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            puts.add(put("key-" + i, "value", SOON));
        }
        backend.writeAll(puts);
        Eventually.letPass(SOON.multipliedBy(4));
        assertThat(new JdbcTemplate(pool).queryForObject("select count(*) from mecha_state", Integer.class))
                .isGreaterThanOrEqualTo(rows);
    }
}
