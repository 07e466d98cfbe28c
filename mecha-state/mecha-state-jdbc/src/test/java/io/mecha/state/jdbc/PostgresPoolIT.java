// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.InvalidConfigurationException;
import io.mecha.jdbc.Database;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.server.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What many stores that announce and hear changes take from the application's pool. */
class PostgresPoolIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STORES = 5;
    private static final JdbcStateOptions OPTIONS =
            new JdbcStateOptions(null, null, null, Database.POSTGRESQL, null, null, null, null);

    private static PostgresDatabase database;

    @BeforeAll
    static void create() {
        database = PostgresDatabase.create();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void listensBesideThePool(int size) {
        HikariConfig config = config(size);
        config.setJdbcUrl(database.url(database.port()));
        try (HikariDataSource pool = new HikariDataSource(config)) {
            shares(pool, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void listensOnOneConnectionOfAPoolThatDoesNotTellItsUrl(int size) {
        try (HikariDataSource pool = new HikariDataSource(silent(size))) {
            shares(pool, 1);
        }
    }

    @Test
    void refusesToTakeTheOnlyConnectionOfAPool() {
        try (HikariDataSource pool = new HikariDataSource(silent(1))) {
            assertThatExceptionOfType(InvalidConfigurationException.class)
                    .isThrownBy(() -> JdbcStateBackend.create("carts", pool, OPTIONS, true))
                    .withMessageContaining("MECHA-S118")
                    .withMessageContaining("[mecha.state.stores.carts.near-cache]")
                    .withMessageContaining("spring.datasource.hikari.maximum-pool-size");

            try (StateBackend plain = JdbcStateBackend.create("carts", pool, OPTIONS, false)) {
                plain.write(put("key", "value"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void renewsLeasesWhileTheApplicationHasThePool(int size) throws SQLException {
        HikariConfig config = config(size);
        config.setJdbcUrl(database.url(database.port()));
        try (HikariDataSource pool = new HikariDataSource(config);
                StateBackend store = JdbcStateBackend.create("carts", pool, OPTIONS, false);
                StateBackend other = JdbcStateBackend.create("other", pool, OPTIONS, false)) {
            Map<Lease, Duration> held = new HashMap<>();
            for (StateBackend each : List.of(store, other)) {
                String name = "name-" + held.size() + "-of-" + size;
                Granted granted = (Granted) leases(each).acquire(name, "owner", PATIENCE);
                held.put(new Lease(name, "owner", granted.token()), PATIENCE);
            }
            List<Connection> taken = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                taken.add(pool.getConnection());
            }

            long begun = System.nanoTime();
            assertThat(leases(store).renew(held)).isEqualTo(held.keySet());
            assertThat(leases(other).renew(held)).isEqualTo(held.keySet());
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofMillis(pool.getConnectionTimeout()));

            for (Connection connection : taken) {
                connection.close();
            }
            sessionsBesideThePool(pool, 1);
            new JdbcTemplate(pool)
                    .execute(
                            "select pg_terminate_backend(pid) from pg_stat_activity where query like 'update mecha_lease%'");
            assertThat(leases(store).renew(held)).isEqualTo(held.keySet());
        }
        try (HikariDataSource pool = new HikariDataSource(config)) {
            sessionsBesideThePool(pool, 0);
        }
    }

    private static Leases leases(StateBackend store) {
        return store.capabilities().find(Leases.class).orElseThrow();
    }

    /** Have many stores announce and hear, while the application goes on. */
    private static void shares(HikariDataSource pool, int held) {
        List<StateBackend> stores = new ArrayList<>();
        List<Queue<String>> heard = new ArrayList<>();
        try {
            for (int i = 0; i < STORES; i++) {
                StateBackend store = JdbcStateBackend.create("store-" + i, pool, OPTIONS, true);
                stores.add(store);
                heard.add(new ConcurrentLinkedQueue<>());
                store.capabilities()
                        .find(ChangeNotifications.class)
                        .orElseThrow()
                        .listen("store-" + i, listener(heard.get(i)));
            }
            eventually(PATIENCE, () -> {
                IntStream.range(0, STORES).forEach(i -> stores.get(i).write(put("store-" + i, "value")));
                assertThat(heard).allSatisfy(keys -> assertThat(keys).isNotEmpty());
            });

            eventually(
                    PATIENCE,
                    () -> assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isEqualTo(held));
            sessionsBesideThePool(pool, 1 - held);
        } finally {
            stores.forEach(StateBackend::close);
        }
        sessionsBesideThePool(pool, 0);
    }

    private static void sessionsBesideThePool(HikariDataSource pool, int expected) {
        String sessions = "select count(*) from pg_stat_activity where backend_type = 'client backend'"
                + " and datname = current_database()";
        eventually(PATIENCE, () -> {
            int all = new JdbcTemplate(pool).queryForObject(sessions, Integer.class);
            assertThat(all - pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(expected);
        });
    }

    private static HikariConfig silent(int size) {
        HikariConfig config = config(size);
        config.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
        config.addDataSourceProperty("url", database.url(database.port()));
        return config;
    }

    private static HikariConfig config(int size) {
        HikariConfig config = new HikariConfig();
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(5_000);
        return config;
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
