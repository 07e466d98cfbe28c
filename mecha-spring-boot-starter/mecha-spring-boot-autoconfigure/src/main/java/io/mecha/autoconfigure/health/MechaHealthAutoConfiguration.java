// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
    @EnableConfigurationProperties(HealthProperties.class)
    static class HealthGroup {

        @Bean
        @ConditionalOnMissingBean
        ComponentHealthFactory mechaComponentHealthFactory(HealthProperties properties) {
            return new ComponentHealthFactory(properties.timeout());
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
