// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.mecha.InvalidConfigurationException;
import io.mecha.state.redis.RedisStateBackend.HashTag;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import io.mecha.state.spi.Transactions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.unit.DataSize;

class RedisStateAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(RedisStateAutoConfiguration.class, DataRedisAutoConfiguration.class));

    @Test
    void offersTheTypeRedisWithoutAServer() {
        runner.withPropertyValues("spring.data.redis.port=1").run(context -> {
            StateBackendFactory factory = context.getBean(StateBackendFactory.class);

            assertThat(factory.type()).isEqualTo("redis");
            assertThat(factory.sharesKeys()).isTrue();
            try (StateBackend backend = factory.create(settings(context))) {
                assertThat(backend.capabilities().types())
                        .isEqualTo(Set.of(Transactions.class, KeyScan.class, ChangeNotifications.class, Leases.class));
                assertThat(backend.maximumValueSize()).isEqualTo(512 * 1024 * 1024 - 64);
            }
        });
    }

    @Test
    void backsOffWhenUserDefinesTheFactory() {
        StateBackendFactory own = new OwnFactory();

        runner.withBean("redisStateBackendFactory", StateBackendFactory.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(StateBackendFactory.class).isSameAs(own));
    }

    @Test
    void backsOffWhenStateIsSwitchedOff() {
        runner.withPropertyValues("mecha.state.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(StateBackendFactory.class));
    }

    @Test
    void backsOffWithoutLettuce() {
        runner.withClassLoader(new FilteredClassLoader(RedisClient.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(StateBackendFactory.class));
    }

    @Test
    void bindsOptions() {
        runner.withPropertyValues(
                        "mecha.state.redis.timeout=250ms",
                        "mecha.state.redis.hash-tag=store",
                        "mecha.state.redis.connection-factory=other",
                        "mecha.state.redis.maximum-value-size=1MB")
                .run(context -> assertThat(settings(context).options(RedisStateOptions.class))
                        .isEqualTo(new RedisStateOptions(
                                Duration.ofMillis(250), HashTag.STORE, "other", DataSize.ofMegabytes(1))));
    }

    @Test
    void leavesItToStoresToReadOptions() {
        runner.withPropertyValues("mecha.state.redis.hash-tag=everything")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void namesWhatIsReflectedOnInNativeImages() {
        RuntimeHints hints = new RuntimeHints();

        new RedisStateAutoConfiguration.Hints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection().onType(RedisStateOptions.class))
                .accepts(hints);
    }

    @Test
    void usesOptions() {
        runner.withPropertyValues("mecha.state.redis.maximum-value-size=1MB").run(context -> {
            try (StateBackend backend =
                    context.getBean(StateBackendFactory.class).create(settings(context))) {
                assertThat(backend.maximumValueSize()).isEqualTo(1024 * 1024);
            }
        });
    }

    @Test
    void saysWhichOptionCannotWork() {
        runner.withPropertyValues("mecha.state.redis.timeout=-1s")
                .run(context -> assertMistake(
                        context,
                        "MECHA-S123",
                        "mecha.state.stores.carts.redis",
                        "The timeout must be positive, not PT-1S"));
    }

    @Test
    void saysThatLettuceIsMissingWithJedis() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(RedisStateAutoConfiguration.class))
                .run(context -> assertMistake(
                        context,
                        "MECHA-S121",
                        "mecha.state.stores.carts.type",
                        "there is no Lettuce connection factory",
                        "spring.data.redis.client-type"));
    }

    @Test
    void saysThatOneOfSeveralConnectionFactoriesMustBeNamed() {
        runner.withBean("first", LettuceConnectionFactory.class)
                .withBean("second", LettuceConnectionFactory.class)
                .run(context -> assertMistake(
                        context,
                        "MECHA-S121",
                        "there is more than one Lettuce connection factory",
                        "mecha.state.stores.carts.redis.connection-factory"));
    }

    @Test
    void usesTheNamedConnectionFactory() {
        runner.withBean("first", LettuceConnectionFactory.class)
                .withBean("second", LettuceConnectionFactory.class)
                .withPropertyValues("mecha.state.redis.connection-factory=second")
                .run(context -> {
                    try (StateBackend backend =
                            context.getBean(StateBackendFactory.class).create(settings(context))) {
                        assertThat(backend.capabilities().find(Transactions.class))
                                .isPresent();
                    }
                });
    }

    @Test
    void saysThatTheNamedConnectionFactoryIsMissing() {
        runner.withPropertyValues("mecha.state.redis.connection-factory=other")
                .run(context -> assertMistake(
                        context,
                        "MECHA-S122",
                        "mecha.state.stores.carts.redis.connection-factory",
                        "There is no Lettuce connection factory named 'other'"));
    }

    @Test
    void refusesAFixedListOfMasterAndReplicas() {
        runner.withPropertyValues("spring.data.redis.masterreplica.nodes=localhost:1,localhost:2")
                .run(context -> assertMistake(context, "MECHA-S124", "spring.data.redis.masterreplica.nodes", "carts"));
    }

    @Test
    void keepsAStoreInOneSlotOfAClusterOnlyIfAskedTo() {
        ApplicationContextRunner cluster = runner.withPropertyValues("spring.data.redis.cluster.nodes=localhost:1");

        cluster.run(context -> assertCapabilities(context, Set.of(Leases.class)));
        cluster.withPropertyValues("mecha.state.redis.hash-tag=store")
                .run(context -> assertCapabilities(context, Set.of(Transactions.class, KeyScan.class, Leases.class)));
    }

    @Test
    void leavesTheApplicationsOwnClientAsItIs() {
        runner.run(context -> {
            LettuceConnectionFactory own = context.getBean(LettuceConnectionFactory.class);
            StateBackend backend = context.getBean(StateBackendFactory.class).create(settings(context));

            assertThat(own.getRequiredNativeClient().getOptions().isAutoReconnect())
                    .isTrue();
            backend.close();
        });
    }

    private static void assertCapabilities(ApplicationContext context, Set<Class<?>> expected) {
        try (StateBackend backend = context.getBean(StateBackendFactory.class).create(settings(context))) {
            assertThat(backend.capabilities().types()).isEqualTo(expected);
        }
    }

    private static void assertMistake(ApplicationContext context, String... parts) {
        StateBackendFactory factory = context.getBean(StateBackendFactory.class);

        assertThatThrownBy(() -> factory.create(settings(context)))
                .isInstanceOf(InvalidConfigurationException.class)
                .message()
                .contains(parts);
    }

    /** Bind options as the wiring does. */
    private static StateBackendFactory.Settings settings(ApplicationContext context) {
        Environment environment = context.getEnvironment();
        return new StateBackendFactory.Settings() {
            @Override
            public String store() {
                return "carts";
            }

            @Override
            public <O> O options(Class<O> type) {
                return Binder.get(environment).bindOrCreate("mecha.state.redis", type);
            }

            @Override
            public boolean announcesChanges() {
                return false;
            }

            @Override
            public Path dataDirectory() {
                return Path.of("target");
            }

            @Override
            public InstantSource clock() {
                return InstantSource.system();
            }
        };
    }

    private static final class OwnFactory implements StateBackendFactory {

        @Override
        public String type() {
            return "redis";
        }

        @Override
        public boolean sharesKeys() {
            return true;
        }

        @Override
        public StateBackend create(Settings settings) {
            throw new IllegalStateException("not used");
        }
    }
}
