// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import io.mecha.autoconfigure.health.ComponentHealth;
import io.mecha.autoconfigure.health.ComponentHealthFactory;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.lifecycle.Probe;
import io.mecha.lifecycle.autoconfigure.start.StartAutoConfiguration;
import io.mecha.lifecycle.drain.DrainSequence;
import io.mecha.lifecycle.start.StartGate;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors.Entry;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of probes: {@code @Probe} methods, components and the start, in the health groups liveness, readiness and startup.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = {MechaHealthAutoConfiguration.class, StartAutoConfiguration.class},
        afterName =
                "org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration",
        beforeName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, HealthEndpointGroupsPostProcessor.class})
public final class ProbeAutoConfiguration {

    /** Beans that need Spring Boot's health, only where it is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(ComponentHealthFactory.class)
    @EnableConfigurationProperties(ProbeProperties.class)
    static class Probes {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        ProbeMethods mechaProbeMethods(
                ConfigurableListableBeanFactory beans,
                Environment environment,
                ComponentHealthFactory factory,
                ObjectProvider<HealthEndpointGroups> groups) {
            return new ProbeMethods(beans, environment, factory, groups);
        }

        @Bean
        ProbeGroups mechaProbeGroups(ProbeProperties properties, Environment environment) {
            Boolean wanted = properties.additionalPaths();
            return new ProbeGroups(wanted == null ? CloudPlatform.getActive(environment) != null : wanted);
        }

        @Bean
        ProbeHealth mechaLivenessHealthContributor(ProbeMethods methods) {
            return new ProbeHealth(() -> of(methods, Probe.Kind.LIVENESS));
        }

        @Bean
        ProbeHealth mechaReadinessHealthContributor(
                ProbeMethods methods,
                ObjectProvider<StartGate> gate,
                ObjectProvider<DrainSequence> drain,
                ObjectProvider<ComponentHealth> components) {
            return new ProbeHealth(() -> Stream.of(
                            start(gate),
                            drain(drain),
                            of(methods, Probe.Kind.READINESS),
                            components.stream().flatMap(ComponentHealth::readiness))
                    .flatMap((entries) -> entries));
        }

        @Bean
        ProbeHealth mechaStartupHealthContributor(ProbeMethods methods, ObjectProvider<StartGate> gate) {
            return new ProbeHealth(() -> Stream.concat(start(gate), of(methods, Probe.Kind.STARTUP)));
        }

        @Bean
        LivenessCheck mechaLivenessCheck(ObjectProvider<HealthEndpointGroups> groups, ListableBeanFactory beans) {
            return new LivenessCheck(groups, beans);
        }

        private static Stream<Entry> of(ProbeMethods methods, Probe.Kind kind) {
            return methods.checks(kind).entrySet().stream().map((check) -> new Entry(check.getKey(), check.getValue()));
        }

        /** Says that the application ends, also where Spring Boot says again that it is ready, since its start was late. */
        private static Stream<Entry> drain(ObjectProvider<DrainSequence> drain) {
            return drain.stream()
                    .map((found) -> new Entry("mecha.drain", (HealthIndicator)
                            () -> (found.isDraining() ? Health.outOfService() : Health.up()).build()));
        }

        private static Stream<Entry> start(ObjectProvider<StartGate> gate) {
            return gate.stream()
                    .map((found) -> new Entry("mecha.start", (HealthIndicator)
                            () -> (found.isOpen() ? Health.up() : Health.outOfService()).build()));
        }
    }
}
