// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.binding.Bindings;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Leases;
import io.mecha.test.Outage;
import io.mecha.test.binding.BindingBackendContract;
import io.mecha.test.binding.EngineSetup;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The contract on one database, with the pools of two nodes. */
abstract class JdbcContract extends BindingBackendContract {

    private static final Leases LEASES = new MemoryStateBackend(InstantSource.system())
            .capabilities()
            .find(Leases.class)
            .orElseThrow();

    private final KeyValueStore<byte[]> store = StateStoreComponent.builder(
                    "state", "memory", new MemoryStateBackend(InstantSource.system()), JacksonCodecs.standard())
            .build()
            .store(byte[].class);

    abstract Nodes nodes();

    /** Two nodes; only the way of the first one to the database may break. */
    record Nodes(
            HikariDataSource first,
            JdbcBindingBackendFactory one,
            HikariDataSource second,
            JdbcBindingBackendFactory other) {

        static Nodes of(String first, String second) {
            HikariDataSource one = pool(first);
            HikariDataSource other = pool(second);
            return new Nodes(one, TestSettings.factory(one), other, TestSettings.factory(other));
        }

        static HikariDataSource pool(String url) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(12);
            config.setMinimumIdle(1);
            config.setConnectionTimeout(4_000);
            config.setValidationTimeout(500);
            config.setInitializationFailTimeout(-1);
            return new HikariDataSource(config);
        }

        void close() {
            first.close();
            second.close();
        }
    }

    @Override
    protected BindingBackend backend(String destination) {
        return TestSettings.backend(nodes().one(), destination);
    }

    @Override
    protected Optional<BindingBackend> anotherNode(String destination) {
        return Optional.of(TestSettings.backend(nodes().other(), destination));
    }

    @Override
    protected Optional<PausableNode> pausableNode(String destination) {
        GatedDataSource gated = new GatedDataSource(nodes().second());
        BindingBackend backend = PausedProcess.backend(gated, destination);
        return Optional.of(new PausableNode() {
            @Override
            public BindingBackend backend() {
                return backend;
            }

            @Override
            public void pause() {
                gated.close();
            }

            @Override
            public void resume() {
                gated.open();
            }
        });
    }

    /** Order by key in a process that lives on past its lease, whose events are in a queue or in an outbox. */
    @Nested
    class PausedProcesses extends PausedProcess {
        @Override
        DataSource dataSource() {
            return nodes().second();
        }
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(
                Outbound.class,
                Inbound.class,
                Groups.class,
                KeyOrder.class,
                Delay.class,
                Expiry.class,
                AttemptMemory.class,
                SurroundingTransaction.class,
                Forwarding.class,
                MessageIdentity.class);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Override
    protected Optional<Transactional> transactional() {
        TransactionTemplate template = new TransactionTemplate(new DataSourceTransactionManager(nodes().first()));
        return Optional.of(new Transactional() {
            @Override
            public Object resource() {
                return nodes().first();
            }

            @Override
            public void commit(Runnable work) {
                template.executeWithoutResult(status -> work.run());
            }

            @Override
            public void rollBack(Runnable work) {
                template.executeWithoutResult(status -> {
                    work.run();
                    status.setRollbackOnly();
                });
            }
        });
    }

    @Override
    protected Optional<KeyValueStore<byte[]>> store() {
        return Optional.of(store);
    }

    @Override
    protected Optional<Bindings> engine(EngineSetup setup) {
        BindingEngine engine = BindingEngine.builder()
                .application(setup.application())
                .node(setup.node())
                .clock(setup.clock())
                .codecs(JacksonCodecs.standard())
                .stores(setup.stores())
                .leases(name -> LEASES)
                .source(ChannelSource.of(name -> new ChannelDefinition(
                        ChannelOptions.of(name, JdbcBindingBackendFactory.TYPE)
                                .withEncoding(setup.encoding())
                                .withOut(OutOptions.DEFAULT.withDelayStore(setup.delayStore())),
                        setup.backend(name))))
                .build();
        engine.start();
        return Optional.of(engine);
    }
}
