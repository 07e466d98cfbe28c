// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.binding.autoconfigure.FakeBackendFactory;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.runtime.GuardedTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BindingHealthAutoConfigurationTests {

    private final FakeBackendFactory fake = new FakeBackendFactory("fake");
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    ApplicationAvailabilityAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    AvailabilityHealthContributorAutoConfiguration.class,
                    AvailabilityProbesAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    MechaHealthAutoConfiguration.class,
                    BindingAutoConfiguration.class,
                    BindingHealthAutoConfiguration.class))
            .withBean(FakeBackendFactory.class, () -> fake)
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=health",
                    "management.endpoint.health.probes.enabled=true",
                    "management.health.readinessstate.enabled=true",
                    "mecha.bindings.channels.orders.type=fake");

    @Test
    void asksEachChannel() {
        runner.run((context) -> {
            IndicatedHealthDescriptor orders = health(context.getBean(HealthEndpoint.class), "orders");

            assertThat(orders.getStatus()).isEqualTo(Status.UP);
            assertThat(orders.getDetails()).containsEntry("type", "fake");
        });
    }

    @Test
    void showsWhatIsPutAside() {
        runner.run((context) -> {
            HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
            assertThat(health(endpoint, "orders").getDetails()).doesNotContainKey("parked");

            context.getBean(BindingEngine.class)
                    .channels()
                    .forEach((channel) -> channel.statistics().parked().increment());

            assertThat(health(endpoint, "orders").getStatus()).isEqualTo(Status.UP);
            assertThat(health(endpoint, "orders").getDetails())
                    .containsEntry("parked", 1L)
                    .hasEntrySatisfying(
                            "parkedBound", bound -> assertThat(bound).asString().contains("in.prefetch"));
        });
    }

    @Test
    void saysWhatFailsInTheBackground() {
        AtomicBoolean fails = new AtomicBoolean(true);
        GuardedTask task = new GuardedTask("The timer of the test", () -> {
            if (fails.get()) {
                throw new IllegalStateException("refused");
            }
        });
        runner.run((context) -> {
            HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
            task.run();

            IndicatedHealthDescriptor down = (IndicatedHealthDescriptor) endpoint.healthForPath("mechaBackground");
            assertThat(down.getStatus()).isEqualTo(Status.DOWN);
            assertThat(down.getDetails()).containsEntry("The timer of the test", "IllegalStateException: refused");

            fails.set(false);
            task.run();
            assertThat(endpoint.healthForPath("mechaBackground").getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void tellsOnceOfManyTasksThatFail(CapturedOutput output) {
        for (int number = 0; number < 3; number++) {
            new GuardedTask("One of many tasks", () -> {
                        throw new IllegalStateException("refused");
                    })
                    .run();
            new GuardedTask("One of many tasks", () -> {}).run();
        }

        assertThat(output.getAll().split("WARN [^\n]*One of many tasks", -1)).hasSize(2);
    }

    @Test
    void saysWhatIsDownAndStaysReady() {
        fake.ping(() -> {
            throw new BindingBackendException("orders", "fake", "answering", null);
        });
        runner.run((context) -> {
            HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);

            assertThat(health(endpoint, "orders").getStatus()).isEqualTo(Status.DOWN);
            assertThat(health(endpoint, "orders").getDetails()).containsEntry("code", "MECHA-B308");
            assertThat(endpoint.healthForPath("readiness").getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void leavesChannelsOutThatAreSwitchedOff() {
        runner.withPropertyValues("mecha.bindings.channels.orders.health.enabled=false")
                .run((context) -> assertThat(
                                context.getBean(HealthEndpoint.class).healthForPath("mechaBindings", "orders"))
                        .isNull());
    }

    @Test
    void doesNothingWhenSwitchedOff() {
        runner.withPropertyValues("management.health.mecha.enabled=false")
                .run((context) -> assertThat(context).doesNotHaveBean("mechaBindingsHealthContributor"));
        runner.withPropertyValues("mecha.bindings.enabled=false")
                .run((context) -> assertThat(context).doesNotHaveBean("mechaBindingsHealthContributor"));
    }

    @Test
    void backsOffWithoutHealth() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MechaAutoConfiguration.class,
                        BindingAutoConfiguration.class,
                        BindingHealthAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mechaBindingsHealthContributor"));
    }

    private static IndicatedHealthDescriptor health(HealthEndpoint endpoint, String channel) {
        return (IndicatedHealthDescriptor) endpoint.healthForPath("mechaBindings", channel);
    }
}
