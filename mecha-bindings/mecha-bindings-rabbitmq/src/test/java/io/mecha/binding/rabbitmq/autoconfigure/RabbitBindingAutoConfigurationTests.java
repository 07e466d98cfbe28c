// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import io.mecha.InvalidConfigurationException;
import io.mecha.binding.rabbitmq.RabbitBindingBackend.ExchangeType;
import io.mecha.binding.rabbitmq.RabbitBindingBackend.QueueType;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

class RabbitBindingAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(RabbitBindingAutoConfiguration.class, RabbitAutoConfiguration.class));

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RabbitBindingAutoConfiguration.class));

    @Test
    void offersTheTypeWithoutAServer() {
        runner.withPropertyValues("spring.rabbitmq.port=1").run(context -> {
            BindingBackendFactory factory = context.getBean(BindingBackendFactory.class);

            assertThat(factory.type()).isEqualTo("rabbitmq");
            try (BindingBackend backend = factory.create(settings(context))) {
                assertThat(backend.capabilities().types())
                        .isEqualTo(Set.of(
                                Outbound.class,
                                Inbound.class,
                                Groups.class,
                                MessageIdentity.class,
                                KeyOrder.class,
                                Delay.class,
                                Expiry.class));
                assertThatThrownBy(backend::ping).hasMessageContaining("MECHA-B308");
            }
        });
    }

    @Test
    void backsOffWhenUserDefinesTheFactory() {
        BindingBackendFactory own = new OwnFactory();

        runner.withBean("rabbitBindingBackendFactory", BindingBackendFactory.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(BindingBackendFactory.class).isSameAs(own));
    }

    @Test
    void backsOffWhenBindingsAreSwitchedOff() {
        runner.withPropertyValues("mecha.bindings.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(BindingBackendFactory.class));
    }

    @Test
    void backsOffWithoutTheClient() {
        runner.withClassLoader(new FilteredClassLoader(Channel.class, CachingConnectionFactory.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BindingBackendFactory.class));
    }

    @Test
    void bindsOptions() {
        runner.withPropertyValues(
                        "mecha.bindings.rabbitmq.connection-factory=other",
                        "mecha.bindings.rabbitmq.exchange=x",
                        "mecha.bindings.rabbitmq.exchange-type=topic",
                        "mecha.bindings.rabbitmq.routing-key=r",
                        "mecha.bindings.rabbitmq.binding-keys=a.*,b.#",
                        "mecha.bindings.rabbitmq.queue=q",
                        "mecha.bindings.rabbitmq.queue-type=classic",
                        "mecha.bindings.rabbitmq.dead-letter-exchange=d",
                        "mecha.bindings.rabbitmq.delivery-limit=7",
                        "mecha.bindings.rabbitmq.declare=false",
                        "mecha.bindings.rabbitmq.publish-channels=2",
                        "mecha.bindings.rabbitmq.timeout=3s",
                        "mecha.bindings.rabbitmq.maximum-message-size=1MB")
                .run(context -> assertThat(settings(context).options(RabbitBindingOptions.class))
                        .isEqualTo(new RabbitBindingOptions(
                                "other",
                                "x",
                                ExchangeType.TOPIC,
                                "r",
                                List.of("a.*", "b.#"),
                                "q",
                                QueueType.CLASSIC,
                                "d",
                                7,
                                false,
                                2,
                                Duration.ofSeconds(3),
                                DataSize.ofMegabytes(1))));
    }

    @Test
    void doesNotLeadDeadLettersBackToTheQueueTheyComeFrom() {
        runner.withPropertyValues(
                        "mecha.bindings.rabbitmq.exchange=x",
                        "mecha.bindings.rabbitmq.exchange-type=topic",
                        "mecha.bindings.rabbitmq.routing-key=r",
                        "mecha.bindings.rabbitmq.binding-keys=a.*",
                        "mecha.bindings.rabbitmq.queue=q",
                        "mecha.bindings.rabbitmq.queue-type=classic",
                        "mecha.bindings.rabbitmq.timeout=3s")
                .run(context -> assertThat(RabbitBindingBackendFactory.options(settings(context, true)))
                        .isEqualTo(new RabbitBindingOptions(
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                QueueType.CLASSIC,
                                null,
                                null,
                                null,
                                null,
                                Duration.ofSeconds(3),
                                null)));
    }

    @Test
    void leavesItToChannelsToReadOptions() {
        runner.withPropertyValues("mecha.bindings.rabbitmq.queue-type=everlasting")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void namesWhatIsReflectedOnInNativeImages() {
        RuntimeHints hints = new RuntimeHints();

        new RabbitBindingAutoConfiguration.Hints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection().onType(RabbitBindingOptions.class))
                .accepts(hints);
    }

    @Test
    void usesOptions() {
        runner.withPropertyValues("mecha.bindings.rabbitmq.maximum-message-size=1MB")
                .run(context -> {
                    try (BindingBackend backend =
                            context.getBean(BindingBackendFactory.class).create(settings(context))) {
                        assertThat(backend.capabilities()
                                        .find(Outbound.class)
                                        .orElseThrow()
                                        .maximumBodySize())
                                .isEqualTo(1024 * 1024);
                    }
                });
    }

    @Test
    void saysWhichOptionCannotWork() {
        runner.withPropertyValues("mecha.bindings.rabbitmq.publish-channels=0")
                .run(context -> assertMistake(
                        context,
                        "MECHA-B133",
                        "mecha.bindings.channels.orders.rabbitmq",
                        "publish-channels must be 1 to 64, not 0"));
    }

    @Test
    void saysThatThereIsNoConnectionFactory() {
        bare.run(context ->
                assertMistake(context, "MECHA-B131", "mecha.bindings.channels.orders.type", "there is no RabbitMQ"));
    }

    @Test
    void saysThatOneOfSeveralConnectionFactoriesMustBeNamed() {
        bare.withBean("first", CachingConnectionFactory.class, () -> new CachingConnectionFactory("localhost"))
                .withBean("second", CachingConnectionFactory.class, () -> new CachingConnectionFactory("localhost"))
                .run(context -> assertMistake(
                        context,
                        "MECHA-B131",
                        "there is more than one RabbitMQ connection factory",
                        "mecha.bindings.channels.orders.rabbitmq.connection-factory"));
    }

    @Test
    void usesTheNamedConnectionFactory() {
        bare.withBean("first", CachingConnectionFactory.class, () -> new CachingConnectionFactory("localhost"))
                .withBean("second", CachingConnectionFactory.class, () -> new CachingConnectionFactory("localhost"))
                .withPropertyValues("mecha.bindings.rabbitmq.connection-factory=second")
                .run(context -> {
                    try (BindingBackend backend =
                            context.getBean(BindingBackendFactory.class).create(settings(context))) {
                        assertThat(backend.capabilities().find(Groups.class)).isPresent();
                    }
                });
    }

    @Test
    void saysThatTheNamedConnectionFactoryIsMissing() {
        runner.withPropertyValues("mecha.bindings.rabbitmq.connection-factory=other")
                .run(context -> assertMistake(
                        context,
                        "MECHA-B132",
                        "mecha.bindings.channels.orders.rabbitmq.connection-factory",
                        "There is no RabbitMQ connection factory named 'other'"));
    }

    private static void assertMistake(ApplicationContext context, String... parts) {
        BindingBackendFactory factory = context.getBean(BindingBackendFactory.class);

        assertThatThrownBy(() -> factory.create(settings(context)))
                .isInstanceOf(InvalidConfigurationException.class)
                .message()
                .contains(parts);
    }

    /** Bind options as the wiring does. */
    private static BindingBackendFactory.Settings settings(ApplicationContext context) {
        return settings(context, false);
    }

    private static BindingBackendFactory.Settings settings(ApplicationContext context, boolean derived) {
        return new Bound(context.getEnvironment(), derived);
    }

    private record Bound(Environment environment, boolean derived) implements BindingBackendFactory.Settings {

        @Override
        public String channel() {
            return "orders";
        }

        @Override
        public String destination() {
            return "orders.v1";
        }

        @Override
        public String application() {
            return "shop";
        }

        @Override
        public <O> O options(Class<O> type) {
            return Binder.get(environment).bindOrCreate("mecha.bindings.rabbitmq", type);
        }

        @Override
        public Path dataDirectory() {
            return Path.of("target");
        }

        @Override
        public SigningKeys signingKeys() {
            return SigningKeys.of(null, List.of());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }

    private static final class OwnFactory implements BindingBackendFactory {

        @Override
        public String type() {
            return "rabbitmq";
        }

        @Override
        public BindingBackend create(Settings settings) {
            throw new IllegalStateException("not used");
        }
    }
}
