// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Groups;
import io.mecha.codec.jackson.JacksonCodecs;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Sends inside of transactions that hold the only connection of their pool, to a channel that names the group of its receivers. */
abstract class PoolOfOne {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "billing";

    private final String channel = "single-" + UUID.randomUUID().toString().substring(0, 18);
    private HikariDataSource pool;
    private TransactionTemplate transactions;

    /** Returns the database. */
    abstract String url();

    @BeforeEach
    void openPool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(4_000);
        pool = new HikariDataSource(config);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void declaresTheGroupWhenItStartsAndNotInTheFirstTransaction() {
        BindingBackend backend = backend(pool);
        backend.ping();
        try (BindingEngine engine = engine(backend)) {
            engine.start();
            eventually(PATIENCE, () -> assertThat(lag(backend)).isZero());

            send(engine, "first");

            assertThat(lag(backend)).isOne();
        }
    }

    @Test
    void declaresTheGroupWhenTheDatabaseCanBeReached() {
        GatedDataSource gated = new GatedDataSource(pool);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(gated));
        gated.close();
        BindingBackend backend = backend(gated);
        try (BindingEngine engine = engine(backend)) {
            engine.start();

            gated.open();

            eventually(
                    PATIENCE, () -> assertThatCode(() -> send(engine, "first")).doesNotThrowAnyException());
            assertThat(lag(backend)).isOne();
        }
    }

    @Test
    void saysThatTheGroupIsNotDeclaredAndDeclaresItAfterTheTransaction() {
        BindingBackend backend = backend(pool);
        backend.ping();
        try (BindingEngine engine = engine(backend)) {
            assertThatThrownBy(() -> send(engine, "before the start"))
                    .isInstanceOf(SendException.class)
                    .hasMessageContaining("MECHA-B303")
                    .hasMessageContaining("its group 'billing' is not declared yet");

            eventually(
                    PATIENCE,
                    () -> assertThatCode(() -> send(engine, "after it")).doesNotThrowAnyException());
            assertThat(lag(backend)).isOne();
        }
    }

    private void send(BindingEngine engine, String order) {
        transactions.executeWithoutResult(
                status -> engine.sender(channel, String.class).send(order));
    }

    private static long lag(BindingBackend backend) {
        try {
            return backend.capabilities()
                    .find(Groups.class)
                    .orElseThrow()
                    .lag(GROUP)
                    .orElse(-1);
        } catch (BindingBackendException away) {
            return -1;
        }
    }

    private BindingBackend backend(DataSource dataSource) {
        return TestSettings.backend(TestSettings.factory(dataSource), channel);
    }

    private BindingEngine engine(BindingBackend backend) {
        ChannelOptions plain = ChannelOptions.of(channel, JdbcBindingBackendFactory.TYPE);
        ChannelOptions grouped = new ChannelOptions(
                plain.name(),
                plain.type(),
                plain.destination(),
                plain.encoding(),
                plain.mediaType(),
                plain.source(),
                plain.immutableValues(),
                SubscriptionOptions.builder().group(GROUP).build(),
                plain.out());
        return BindingEngine.builder()
                .application("app")
                .codecs(JacksonCodecs.standard())
                .channels(List.of(new ChannelDefinition(grouped, backend)))
                .build();
    }
}
