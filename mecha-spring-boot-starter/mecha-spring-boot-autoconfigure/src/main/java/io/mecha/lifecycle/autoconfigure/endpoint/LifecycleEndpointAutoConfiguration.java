// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.endpoint;

import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.drain.DrainAutoConfiguration;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.mecha.lifecycle.drain.DrainSequence;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the endpoints {@code mechadrain} and, where configuration is watched, {@code mechaconfiguration}.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = {LifecycleAutoConfiguration.class, DrainAutoConfiguration.class},
        afterName = "org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration")
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
public final class LifecycleEndpointAutoConfiguration {

    /** Beans under Actuator's own condition, only where there is one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(ConfigurationEndpoint.class)
    @ConditionalOnBean(ConfigurationReloader.class)
    static class Endpoints {

        @Bean
        @ConditionalOnMissingBean
        ConfigurationEndpoint mechaConfigurationEndpoint(ConfigurationReloader reloader) {
            return new ConfigurationEndpoint(reloader);
        }
    }

    /** The drain, under the same condition. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(DrainEndpoint.class)
    @ConditionalOnBean(DrainSequence.class)
    static class Drains {

        @Bean
        @ConditionalOnMissingBean
        DrainEndpoint mechaDrainEndpoint(DrainSequence sequence) {
            return new DrainEndpoint(sequence);
        }
    }
}
