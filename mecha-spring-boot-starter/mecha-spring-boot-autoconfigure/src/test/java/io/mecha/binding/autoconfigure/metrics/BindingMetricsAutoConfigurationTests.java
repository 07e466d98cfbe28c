// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.binding.engine.BindingEngine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class BindingMetricsAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    BindingAutoConfiguration.class,
                    BindingMetricsAutoConfiguration.class))
            .withPropertyValues("spring.application.name=shop", "mecha.bindings.channels.orders.type=memory");

    @Test
    void countsWhatChannelsDo() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
            context.getBean(Bindings.class).sender("orders", String.class).send("a");

            assertThat(context.getBean(MeterRegistry.class)
                            .get("mecha.binding.sent")
                            .tag("channel", "orders")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        });
    }

    private static Set<String> timers(ApplicationContext context) {
        Bindings bindings = context.getBean(Bindings.class);
        bindings.subscribe(SubscriptionSpec.of("orders", String.class).build(), (event) -> Outcome.ack());
        bindings.sender("orders", String.class).send("a");
        MeterRegistry meters = context.getBean(MeterRegistry.class);
        await().untilAsserted(() ->
                assertThat(meters.get("mecha.binding.receive").timer().count()).isEqualTo(1));
        return Stream.of(
                        "mecha.binding.send",
                        "mecha.binding.receive",
                        "mecha.binding.send.active",
                        "mecha.binding.receive.active")
                .flatMap((name) -> meters.get(name).meters().stream())
                .map((meter) -> meter.getId() + " " + meter.getId().getType())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void hasTheSameMetersWithObservationsAndWithout() {
        ApplicationContextRunner actuator = runner.withConfiguration(
                        AutoConfigurations.of(ObservationAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        List<Set<String>> meters = new ArrayList<>();

        actuator.run((context) -> {
            context.getBean(ObservationRegistry.class)
                    .observationConfig()
                    .observationHandler(new Seeing(seen)); // no bean, so nothing asks for observations
            meters.add(timers(context));
            assertThat(seen).isEmpty();
        });
        actuator.withBean(Seeing.class, () -> new Seeing(seen)).run((context) -> meters.add(timers(context)));

        assertThat(seen).contains("mecha.binding.send", "mecha.binding.receive");
        assertThat(meters.get(0)).hasSize(4).isEqualTo(meters.get(1));
    }

    private record Seeing(Queue<String> names) implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        @Override
        public void onStart(Observation.Context context) {
            names.add(String.valueOf(context.getName()));
        }
    }

    @Test
    void measuresWhatIsPutAside() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
            context.getBean(BindingEngine.class)
                    .channels()
                    .forEach((channel) -> channel.statistics().parked().increment());

            assertThat(context.getBean(MeterRegistry.class)
                            .get("mecha.binding.parked")
                            .tag("channel", "orders")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    @Test
    void measuresGroups() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(Receiving.class)
                .run((context) -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    context.getBean(Bindings.class).subscriptions().forEach((subscription) -> subscription.pause());

                    assertThat(gauge(meters, "mecha.binding.in.flight")).isZero();
                    assertThat(gauge(meters, "mecha.binding.paused")).isEqualTo(1);
                    assertThat(gauge(meters, "mecha.binding.lag")).isZero();
                    await().untilAsserted(
                                    () -> // the group is made known there in the background
                                    assertThat(gauge(meters, "mecha.binding.dead.letters"))
                                            .isZero());
                });
    }

    @Test
    void measuresChannelsAndGroupsThatComeLater() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Bindings bindings = context.getBean(Bindings.class);

            bindings.sender("invoices", String.class).send("a");
            bindings.subscribe(SubscriptionSpec.of("orders", String.class).build(), (event) -> Outcome.ack())
                    .pause();

            assertThat(meters.get("mecha.binding.sent")
                            .tag("channel", "invoices")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(gauge(meters, "mecha.binding.paused")).isEqualTo(1);
        });
    }

    private static double gauge(MeterRegistry meters, String name) {
        return meters.get(name)
                .tags("channel", "orders", "group", "shop")
                .gauge()
                .value();
    }

    @Test
    void backsOffWithoutMicrometersMetrics() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BindingMetrics.class));
    }

    @Test
    void doesNothingWhenSwitchedOff() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("mecha.bindings.enabled=false")
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BindingMetrics.class));
    }

    /** Receives. */
    static class Receiving {

        @Binding("orders")
        void on(String order) {}
    }
}
