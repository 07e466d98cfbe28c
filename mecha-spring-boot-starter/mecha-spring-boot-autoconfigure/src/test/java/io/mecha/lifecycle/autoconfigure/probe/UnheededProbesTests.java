// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.lifecycle.Probe;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UnheededProbesTests {

    private static final String NOTHING = "@Probe does nothing on ";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class,
                    MechaHealthAutoConfiguration.class,
                    LifecycleAutoConfiguration.class,
                    ProbeAutoConfiguration.class,
                    UnheededProbeAutoConfiguration.class))
            .withBean(Checks.class);

    private final ApplicationContextRunner actuator = runner.withConfiguration(AutoConfigurations.of(
            EndpointAutoConfiguration.class,
            ApplicationAvailabilityAutoConfiguration.class,
            HealthContributorRegistryAutoConfiguration.class,
            AvailabilityHealthContributorAutoConfiguration.class,
            AvailabilityProbesAutoConfiguration.class,
            HealthEndpointAutoConfiguration.class));

    @Test
    void namesActuatorWhereItIsNotThere(CapturedOutput output) {
        runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class)).run((context) -> {
            assertThat(context).hasNotFailed();
            assertThat(output)
                    .contains(NOTHING + "method 'alive()' of " + Checks.class.getName())
                    .contains("Add org.springframework.boot:spring-boot-starter-actuator");
        });
    }

    @Test
    void namesThePropertyOfHealthThatIsSwitchedOff(CapturedOutput output) {
        actuator.withPropertyValues("management.health.mecha.enabled=false")
                .run((context) -> assertThat(output).contains(NOTHING, "Set management.health.mecha.enabled to true"));
    }

    @Test
    void namesThePropertyOfProbesThatAreSwitchedOff(CapturedOutput output) {
        actuator.withPropertyValues("management.endpoint.health.probes.enabled=false")
                .run((context) -> assertThat(output)
                        .contains(NOTHING + "'alive' (liveness)", "set management.endpoint.health.probes.enabled"));
    }

    @Test
    void namesTheExposureWhereNobodyCanAsk(CapturedOutput output) {
        actuator.withPropertyValues("management.endpoints.web.exposure.exclude=health")
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains(NOTHING + "'alive' (liveness)", "the endpoint health be enabled");
                });
    }

    @Test
    void saysNothingWhereProbesAreAsked(CapturedOutput output) {
        actuator.run((context) -> {
            assertThat(context).hasNotFailed();
            assertThat(output).doesNotContain(NOTHING);
        });
    }

    static class Checks {

        @Probe(Probe.Kind.LIVENESS)
        boolean alive() {
            return true;
        }
    }
}
