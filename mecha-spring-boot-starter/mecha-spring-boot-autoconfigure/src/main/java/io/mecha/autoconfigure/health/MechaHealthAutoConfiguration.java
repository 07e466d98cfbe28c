// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.configuration.ConfigurationCheck;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the health group {@code mecha}, which is part of no probe unless the application says so.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = MechaAutoConfiguration.class,
        beforeName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration")
@ConditionalOnClass({ConditionalOnEnabledHealthIndicator.class, HealthEndpointGroupsPostProcessor.class})
public final class MechaHealthAutoConfiguration {

    /** Beans under Spring Boot's own condition, only where there is one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEnabledHealthIndicator("mecha")
    static class HealthGroup {

        /** Bound here, so that what is wrong with it is told with all other mistakes. */
        @Bean
        HealthProperties mechaHealthProperties(Environment environment, ObjectProvider<ConfigurationCheck> checks) {
            MistakeCollector mistakes = new MistakeCollector();
            HealthProperties properties = HealthProperties.read(environment, mistakes);
            try {
                mistakes.throwIfAny();
            } catch (InvalidConfigurationException invalid) {
                throw ConfigurationCheck.all(invalid, List.of(), checks.orderedStream());
            }
            return properties;
        }

        @Bean
        static ConfigurationCheck mechaHealthConfigurationCheck(Environment environment) {
            return () -> {
                MistakeCollector mistakes = new MistakeCollector();
                HealthProperties unused = HealthProperties.read(environment, mistakes);
                return mistakes.mistakes();
            };
        }

        @Bean
        @ConditionalOnMissingBean
        ComponentHealthFactory mechaComponentHealthFactory(HealthProperties properties) {
            return new ComponentHealthFactory(properties.timeout(), properties.maxAge());
        }

        @Bean
        @ConditionalOnMissingBean(name = "mechaBackgroundHealthContributor")
        BackgroundHealth mechaBackgroundHealthContributor() {
            return new BackgroundHealth();
        }

        @Bean
        MechaHealthGroups mechaHealthGroups() {
            return new MechaHealthGroups();
        }
    }
}
