// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.InvalidConfigurationException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.server.PostgresDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The connections that channels take from the application's pool. */
class PostgresQueuePoolIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CHANNELS = 5;

    private static PostgresDatabase database;

    @BeforeAll
    static void create() {
        database = PostgresDatabase.create();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void holdsNoConnectionOfThePoolAndOneBesideItForAllChannels(int size) {
        HikariConfig config = config(size);
        config.setJdbcUrl(database.url(database.port()));
        List<AutoCloseable> open = new ArrayList<>();
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Queue<Delivery> handled = new ConcurrentLinkedQueue<>();
            List<BindingBackend> channels = channels(pool, handled, open);

            channels.forEach(PostgresQueuePoolIT::send);

            eventually(PATIENCE, () -> assertThat(handled).hasSize(CHANNELS)); // in flight, as while handlers run
            eventually(
                    PATIENCE,
                    () -> assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isZero());
            eventually(
                    PATIENCE,
                    () -> assertThat(sessions(pool) - pool.getHikariPoolMXBean().getTotalConnections())
                            .isEqualTo(1));
            handled.forEach(Delivery::acknowledge);
            open.forEach(PostgresQueuePoolIT::close);
        }
    }

    @Test
    void refusesAPoolOfOneBesideWhichItCannotListen() {
        HikariConfig config = config(1);
        config.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
        config.addDataSourceProperty("url", database.url(database.port()));
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThatThrownBy(() -> channels(pool, new ConcurrentLinkedQueue<>(), new ArrayList<>()))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("MECHA-B140")
                    .hasMessageContaining("mecha.bindings.channels.channel-0.type");
        }
    }

    private static HikariConfig config(int size) {
        HikariConfig config = new HikariConfig();
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(5_000);
        return config;
    }

    private static List<BindingBackend> channels(
            HikariDataSource pool, Queue<Delivery> handled, List<AutoCloseable> open) {
        JdbcBindingBackendFactory factory = TestSettings.factory(pool);
        JdbcBindingOptions options = new JdbcBindingOptions(
                null, null, Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofHours(1), null, null, null);
        List<BindingBackend> channels = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            BindingBackend channel = factory.create(new TestSettings("channel-" + i, options));
            channels.add(channel);
            MessageConsumer consumer = channel.capabilities()
                    .find(Inbound.class)
                    .orElseThrow()
                    .receive(ConsumerRequest.of("group", 10), handled::addAll);
            open.add(0, channel);
            open.add(0, consumer);
        }
        return channels;
    }

    private static void send(BindingBackend channel) {
        channel.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send("id", Message.received(null, null, Map.of("id", "id"), Map.of(), null))
                .toCompletableFuture()
                .join();
    }

    private static int sessions(HikariDataSource pool) {
        Integer sessions = new JdbcTemplate(pool)
                .queryForObject(
                        "select count(*) from pg_stat_activity where backend_type = 'client backend'"
                                + " and datname = current_database()",
                        Integer.class);
        return sessions == null ? 0 : sessions;
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) { // allow CatchException: what closeables declare
            throw new AssertionError(e);
        }
    }
}
