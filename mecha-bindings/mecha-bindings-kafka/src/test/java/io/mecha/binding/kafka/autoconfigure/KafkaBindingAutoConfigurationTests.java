// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.binding.kafka.GroupProtocol;
import io.mecha.binding.kafka.TransactionUse;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

class KafkaBindingAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(KafkaBindingAutoConfiguration.class, KafkaAutoConfiguration.class));

    @Test
    void offersTheTypeKafkaWithoutABroker() {
        runner.withPropertyValues("spring.kafka.bootstrap-servers=localhost:1").run(context -> {
            BindingBackendFactory factory = context.getBean(BindingBackendFactory.class);

            assertThat(factory.type()).isEqualTo("kafka");
            try (BindingBackend backend = factory.create(new ChannelSettings(context, "orders"))) {
                assertThat(backend.capabilities().find(Outbound.class)).isPresent();
            }
        });
    }

    @Test
    void backsOffWhenUserDefinesTheFactory() {
        BindingBackendFactory own = new OwnFactory();

        runner.withBean("kafkaBindingBackendFactory", BindingBackendFactory.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(BindingBackendFactory.class).isSameAs(own));
    }

    @Test
    void backsOffWhenBindingsAreSwitchedOff() {
        runner.withPropertyValues("mecha.bindings.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(BindingBackendFactory.class));
    }

    @Test
    void backsOffWithoutKafka() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaBindingAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(Producer.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BindingBackendFactory.class));
    }

    @Test
    void bindsOptions() {
        runner.withPropertyValues(
                        "mecha.bindings.kafka.connection-details=other",
                        "mecha.bindings.kafka.group-protocol=classic",
                        "mecha.bindings.kafka.isolation-level=read-uncommitted",
                        "mecha.bindings.kafka.send-timeout=3s",
                        "mecha.bindings.kafka.revoke-timeout=1s",
                        "mecha.bindings.kafka.transactions=always",
                        "mecha.bindings.kafka.client-id=shop",
                        "mecha.bindings.kafka.properties[compression.type]=lz4",
                        "mecha.bindings.kafka.pattern=orders-.*",
                        "mecha.bindings.kafka.topic.create=false",
                        "mecha.bindings.kafka.topic.partitions=12",
                        "mecha.bindings.kafka.topic.replicas=3",
                        "mecha.bindings.kafka.topic.configs[cleanup.policy]=compact")
                .run(context -> assertThat(new ChannelSettings(context, "orders").options(KafkaBindingOptions.class))
                        .isEqualTo(new KafkaBindingOptions(
                                "other",
                                GroupProtocol.CLASSIC,
                                KafkaBindingOptions.IsolationLevel.READ_UNCOMMITTED,
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(1),
                                TransactionUse.ALWAYS,
                                "shop",
                                Map.of("compression.type", "lz4"),
                                "orders-.*",
                                new KafkaBindingOptions.Topic(
                                        false, 12, (short) 3, Map.of("cleanup.policy", "compact")))));
    }

    @Test
    void leavesItToChannelsToReadOptions() {
        runner.withPropertyValues("mecha.bindings.kafka.send-timeout=soon")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void namesWhatIsReflectedOnInNativeImages() {
        RuntimeHints hints = new RuntimeHints();

        new KafkaBindingAutoConfiguration.Hints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection().onType(KafkaBindingOptions.class))
                .accepts(hints);
    }

    @Test
    void sharesClientsAmongChannelsSoThatOneForwardsToAnother() {
        runner.run(context -> {
            BindingBackendFactory factory = context.getBean(BindingBackendFactory.class);
            BindingBackend orders = factory.create(new ChannelSettings(context, "orders"));
            BindingBackend invoices = factory.create(new ChannelSettings(context, "invoices"));

            assertThat(orders.capabilities()
                            .find(Forwarding.class)
                            .orElseThrow()
                            .reaches(invoices))
                    .isTrue();
        });
    }

    @Test
    void sendsToOneTopicOnlyAndReceivesFromSeveral() {
        runner.withPropertyValues("mecha.bindings.kafka.pattern=orders-.*").run(context -> {
            BindingBackendFactory factory = context.getBean(BindingBackendFactory.class);

            assertThat(sends(factory.create(new ChannelSettings(context, "orders"))))
                    .isFalse();
            assertThat(sends(factory.create(new ChannelSettings(context, "orders.dead"))))
                    .isTrue();
        });
        runner.run(context -> {
            BindingBackendFactory factory = context.getBean(BindingBackendFactory.class);

            assertThat(sends(factory.create(new ChannelSettings(context, "one, two"))))
                    .isFalse();
            assertThat(sends(factory.create(new ChannelSettings(context, "one"))))
                    .isTrue();
        });
    }

    private static boolean sends(BindingBackend backend) {
        return backend.capabilities().find(Outbound.class).isPresent();
    }

    @Test
    void saysWhichPatternIsNone() {
        runner.withPropertyValues("mecha.bindings.kafka.pattern=orders-(")
                .run(context ->
                        assertMistake(context, "MECHA-B136", "mecha.bindings.channels.orders.kafka", "Unclosed group"));
    }

    @Test
    void goesWhereTheConnectionDetailsLead() {
        runner.withBean(KafkaConnectionDetails.class, () -> () -> List.of("localhost:1"))
                .withPropertyValues(
                        "spring.kafka.bootstrap-servers=not a server", "mecha.bindings.kafka.send-timeout=1s")
                .run(context -> {
                    BindingBackend backend =
                            context.getBean(BindingBackendFactory.class).create(new ChannelSettings(context, "orders"));

                    assertThatThrownBy(backend::ping)
                            .rootCause()
                            .isInstanceOf(java.util.concurrent.TimeoutException.class);
                });
    }

    @Test
    void readsHowLongSendersOfAChannelWait() {
        runner.withPropertyValues("mecha.bindings.channels.orders.out.timeout=1ms")
                .run(context -> assertMistake(
                        context,
                        "MECHA-B136",
                        "mecha.bindings.channels.orders.kafka",
                        "a send takes longer than PT0.001S"));
    }

    @Test
    void saysWhichOptionCannotWork() {
        runner.withPropertyValues("mecha.bindings.kafka.topic.partitions=0")
                .run(context -> assertMistake(
                        context,
                        "MECHA-B136",
                        "mecha.bindings.channels.orders.kafka",
                        "a topic has at least one partition"));
    }

    @Test
    void saysThatThereIsNoConnection() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaBindingAutoConfiguration.class))
                .run(context -> assertMistake(
                        context,
                        "MECHA-B134",
                        "mecha.bindings.channels.orders.type",
                        "there are no connection details for Kafka"));
    }

    @Test
    void saysThatThereAreSeveralConnections() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaBindingAutoConfiguration.class))
                .withBean("one", KafkaConnectionDetails.class, () -> () -> List.of("localhost:1"))
                .withBean("other", KafkaConnectionDetails.class, () -> () -> List.of("localhost:2"))
                .run(context -> assertMistake(
                        context,
                        "MECHA-B134",
                        "mecha.bindings.channels.orders.type",
                        "Name a bean in mecha.bindings.channels.orders.kafka.connection-details"));
    }

    @Test
    void saysThatANamedConnectionIsMissing() {
        runner.withPropertyValues("mecha.bindings.kafka.connection-details=elsewhere")
                .run(context -> assertMistake(
                        context,
                        "MECHA-B135",
                        "mecha.bindings.channels.orders.kafka.connection-details",
                        "no connection details for Kafka named 'elsewhere'"));
    }

    private static void assertMistake(ApplicationContext context, String code, String property, String text) {
        BindingBackendFactory factory = context.getBean(BindingBackendFactory.class);

        assertThatThrownBy(() -> factory.create(new ChannelSettings(context, "orders")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(code)
                .hasMessageContaining(property)
                .hasMessageContaining(text);
    }

    private record ChannelSettings(ApplicationContext context, String channel)
            implements BindingBackendFactory.Settings {

        @Override
        public String destination() {
            return channel;
        }

        @Override
        public boolean derived() {
            return channel.endsWith(".dead");
        }

        @Override
        public String application() {
            return "shop";
        }

        @Override
        public <O> O options(Class<O> type) {
            return Binder.get(context.getBean(Environment.class)).bindOrCreate("mecha.bindings.kafka", type);
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
            return "kafka";
        }

        @Override
        public BindingBackend create(Settings settings) {
            throw new IllegalStateException("not asked for");
        }
    }
}
