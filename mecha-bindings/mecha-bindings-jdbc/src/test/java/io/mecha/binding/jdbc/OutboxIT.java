// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelDefinition;
import io.mecha.binding.engine.ChannelOptions;
import io.mecha.binding.engine.ChannelSource;
import io.mecha.binding.engine.OutOptions;
import io.mecha.codec.jackson.JacksonCodecs;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The outbox of a channel, from the transaction to the handler, through the engine. */
class OutboxIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static EmbeddedPostgres postgres;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        url = PostgresBindingBackendIT.url(postgres.getPort());
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
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
        public ChannelDefinition outbox(ChannelOptions channel) {
            return definition("outbox-" + channel.name());
        }

        private ChannelDefinition definition(String name) {
            return new ChannelDefinition(
                    ChannelOptions.of(name, JdbcBindingBackendFactory.TYPE), TestSettings.backend(factory, name));
        }
    }
}
