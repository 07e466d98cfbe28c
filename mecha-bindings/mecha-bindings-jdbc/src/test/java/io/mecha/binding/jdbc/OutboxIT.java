// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.test.server.PostgresDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The outbox of a channel, from the transaction to the handler, through the engine. */
@Isolated("its processes and engines have five seconds for each call")
class OutboxIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static String url;

    @BeforeAll
    static void start() throws Exception {
        PostgresDatabase database = PostgresDatabase.create();
        url = database.url(database.port());
    }

    @Test
    void sendsWhatIsCommittedAndNothingElse() {
        DataSource dataSource = new DriverManagerDataSource(url);
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        try (BindingEngine engine = engine(dataSource, "orders")) {
            Queue<String> handled = handled(engine, "orders");

            transactions.executeWithoutResult(status -> {
                engine.sender("orders", String.class).send("undone");
                status.setRollbackOnly();
            });
            for (int i = 0; i < 10; i++) {
                String order = "order-" + i;
                transactions.executeWithoutResult(
                        status -> engine.sender("orders", String.class).send(order));
            }

            eventually(PATIENCE, () -> assertThat(handled).hasSize(10));
            assertThat(handled).doesNotContain("undone").doesNotHaveDuplicates();
            assertThat(engine.channels()) // the dead letter is one, too
                    .filteredOn(channel -> channel.name().equals("orders"))
                    .singleElement()
                    .satisfies(channel ->
                            assertThat(channel.statistics().sent().sum()).isEqualTo(10))
                    .satisfies(channel -> eventually(
                            PATIENCE, () -> assertThat(channel.outboxBacklog()).hasValue(0)));
        }
    }

    @Test
    void sendsAfterARestartWhatWasCommittedBeforeACrash() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crashing.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isEqualTo(Crashing.HALTED);

        DataSource dataSource = new DriverManagerDataSource(url);
        try (BindingEngine engine = engine(dataSource, "crashed")) {
            Queue<String> handled = handled(engine, "crashed");

            eventually(PATIENCE, () -> assertThat(handled).containsExactly("survivor"));
        }
    }

    @Test
    void hearsOfMessagesOfItsOwnAndOfOtherNodesLongBeforeItLooks() {
        JdbcBindingOptions rarely = new JdbcBindingOptions(
                null, null, Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofHours(1), null, null, null);
        TestSettings settings = new TestSettings("announced", rarely);
        JdbcBindingBackendFactory here = TestSettings.factory(new DriverManagerDataSource(url));
        JdbcBindingBackendFactory there = TestSettings.factory(new DriverManagerDataSource(url));
        try (BindingBackend receiver = here.create(settings);
                BindingBackend own = here.create(settings);
                BindingBackend other = there.create(settings)) {
            Queue<String> texts = new ConcurrentLinkedQueue<>();
            MessageConsumer consumer = receiver.capabilities()
                    .find(Inbound.class)
                    .orElseThrow()
                    .receive(
                            ConsumerRequest.of("group", 10),
                            deliveries -> deliveries.forEach(delivery -> {
                                texts.add(delivery.message().attributes().get("id"));
                                delivery.acknowledge();
                            }));
            for (BindingBackend sender : List.of(own, other)) {
                for (int i = 0; i < 3; i++) {
                    int count = texts.size() + 1;
                    Message message = Message.received(null, null, Map.of("id", "m" + count), Map.of(), null);
                    sender.capabilities().find(Outbound.class).orElseThrow().send("m" + count, message);
                    eventually(PATIENCE, () -> assertThat(texts).hasSize(count));
                }
            }
            consumer.close();
        }
    }

    @Test
    void deletesWhatExpiredThoughNobodyReceives() throws SQLException {
        DataSource dataSource = new DriverManagerDataSource(url);
        try (BindingBackend backend = TestSettings.backend(TestSettings.factory(dataSource), "expiring");
                Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            backend.capabilities().find(Groups.class).orElseThrow().declare("group", Ordering.NONE);
            Message message = Message.received(null, null, Map.of("id", "old"), Map.of(), null);
            backend.capabilities().find(Outbound.class).orElseThrow().send("old", message);

            assertThat(statement.executeUpdate(
                            "update mecha_message set expires_at = 1 where destination = 'expiring'"))
                    .isEqualTo(1);

            eventually(PATIENCE, () -> assertThat(rows(statement)).isZero());
        }
    }

    private static int rows(Statement statement) {
        try (ResultSet rows =
                statement.executeQuery("select count(*) from mecha_message where destination = 'expiring'")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Be a process that ends between the commit and everything after it. */
    static final class Crashing {

        static final int HALTED = 42;

        private Crashing() {}

        public static void main(String[] arguments) {
            DataSource dataSource = new DriverManagerDataSource(arguments[0]);
            TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
            try (BindingEngine engine = engine(dataSource, "crashed")) {
                transactions.executeWithoutResult(status -> {
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            Runtime.getRuntime().halt(HALTED);
                        }
                    });
                    engine.sender("crashed", String.class).send("survivor");
                });
            }
        }
    }

    private static Queue<String> handled(BindingEngine engine, String channel) {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        engine.subscribe(SubscriptionSpec.of(channel, String.class).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });
        return handled;
    }

    private static BindingEngine engine(DataSource dataSource, String name) {
        JdbcBindingBackendFactory factory = TestSettings.factory(dataSource);
        OutOptions plain = OutOptions.DEFAULT;
        OutOptions out = new OutOptions(
                plain.key(),
                plain.type(),
                plain.timeToLive(),
                true,
                plain.delayStore(),
                plain.timeout(),
                plain.overflow(),
                plain.maxInFlight());
        ChannelOptions options = ChannelOptions.of(name, JdbcBindingBackendFactory.TYPE);
        ChannelOptions withOutbox = new ChannelOptions(
                options.name(),
                options.type(),
                options.destination(),
                options.encoding(),
                options.mediaType(),
                options.source(),
                options.immutableValues(),
                options.in(),
                out);
        BindingEngine engine = BindingEngine.builder()
                .application("app")
                .codecs(JacksonCodecs.standard())
                .source(new Source(factory))
                .channels(List.of(new ChannelDefinition(withOutbox, TestSettings.backend(factory, name))))
                .build();
        engine.start();
        return engine;
    }

    private record Source(JdbcBindingBackendFactory factory) implements ChannelSource {

        @Override
        public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
            return Optional.of(definition(name));
        }

        @Override
        public boolean isConfigured(String name) {
            return true;
        }

        @Override
        public ChannelDefinition outbox(ChannelOptions channel) {
            return definition("outbox-" + channel.name());
        }

        private ChannelDefinition definition(String name) {
            return new ChannelDefinition(
                    ChannelOptions.of(name, JdbcBindingBackendFactory.TYPE), TestSettings.backend(factory, name));
        }
    }
}
