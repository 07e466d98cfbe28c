// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Bindings;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.autoconfigure.metrics.BindingMetricsAutoConfiguration;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;

/** What an application sees of the outbox of a channel. */
@ExtendWith(OutputCaptureExtension.class)
class OutboxWiringTests {

    private static final String WARNING =
            "Channels have an outbox (orders), but the application has no transaction manager";

    private final MemoryBroker broker = new MemoryBroker(InstantSource.system());
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    BindingAutoConfiguration.class,
                    BindingMetricsAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(Table.class, () -> new Table(broker))
            .withPropertyValues(
                    "spring.application.name=shop",
                    "mecha.state.default-type=memory",
                    "mecha.bindings.channels.orders.type=memory",
                    "mecha.bindings.channels.orders.out.outbox=true",
                    "mecha.bindings.channels.invoices.type=memory");

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void showsHowMuchWaitsInTheOutbox() {
        runner.run((context) -> {
            // Stays until it was handled, since the channel itself forgets when the JVM ends.
            Bindings bindings = context.getBean(Bindings.class);
            bindings.subscribe(SubscriptionSpec.of("orders", String.class).build(), (event) -> Outcome.ack())
                    .pause();
            bindings.sender("orders", String.class).send("a");
            MeterRegistry meters = context.getBean(MeterRegistry.class);

            await().untilAsserted(() -> assertThat(meters.get("mecha.binding.outbox.backlog")
                            .tag("channel", "orders")
                            .gauge()
                            .value())
                    .isEqualTo(1));
            assertThat(meters.find("mecha.binding.outbox.backlog")
                            .tag("channel", "invoices")
                            .gauge())
                    .isNull();
            assertThat(context.getBean(BindingComponents.class).components())
                    .filteredOn((channel) -> channel.name().equals("orders"))
                    .singleElement()
                    .satisfies((orders) -> assertThat(orders.details()).containsEntry("outboxBacklog", 1L));
        });
    }

    @Test
    void warnsWhereNoSendCanJoinATransaction(CapturedOutput output) {
        runner.run((context) -> assertThat(output).containsOnlyOnce(WARNING));
    }

    @Test
    void doesNotWarnWhereThereAreTransactions(CapturedOutput output) {
        runner.withBean(PlatformTransactionManager.class, NoResource::new)
                .run((context) -> assertThat(output).doesNotContain(WARNING));
    }

    /** Transactions of nothing. */
    private static final class NoResource implements PlatformTransactionManager {

        @Override
        public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {}

        @Override
        public void rollback(TransactionStatus status) {}
    }

    /** What can be an outbox. */
    private record Table(MemoryBroker broker) implements BindingBackendFactory {

        @Override
        public String type() {
            return "jdbc";
        }

        @Override
        public BindingBackend create(Settings settings) {
            return broker.connect(settings.channel(), "table." + settings.channel(), MemoryBindingOptions.defaults());
        }
    }
}
