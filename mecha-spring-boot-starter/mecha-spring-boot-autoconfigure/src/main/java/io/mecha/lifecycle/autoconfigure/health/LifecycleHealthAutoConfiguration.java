// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.health;

import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.drain.DrainAutoConfiguration;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.mecha.lifecycle.drain.DrainSequence;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the health of watched configuration and of the drain, in the group {@code mecha}.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = {LifecycleAutoConfiguration.class, DrainAutoConfiguration.class},
        beforeName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration")
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
public final class LifecycleHealthAutoConfiguration {

    /** Beans under Spring Boot's own condition, only where there is one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEnabledHealthIndicator("mecha")
    @ConditionalOnBean(ConfigurationReloader.class)
    static class Indicators {

        @Bean
        @ConditionalOnMissingBean(name = "mechaConfigurationHealthContributor")
        ConfigurationHealth mechaConfigurationHealthContributor(ConfigurationReloader reloader) {
            return new ConfigurationHealth(reloader);
        }
    }

    /** The drain, under the same condition. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEnabledHealthIndicator("mecha")
    @ConditionalOnBean(DrainSequence.class)
    static class Drains {

        @Bean
        @ConditionalOnMissingBean(name = "mechaDrainHealthContributor")
        DrainHealth mechaDrainHealthContributor(DrainSequence sequence) {
            return new DrainHealth(sequence);
        }
    }
}
