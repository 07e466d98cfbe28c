// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.metrics;

import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the metrics of watched configuration.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = LifecycleAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
public final class LifecycleMetricsAutoConfiguration {

    /** Beans that need Micrometer's metrics, only where they are there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean({MeterRegistry.class, ConfigurationReloader.class})
    static class Meters {

        @Bean
        @ConditionalOnMissingBean
        ConfigurationMetrics mechaConfigurationMetrics(ConfigurationReloader reloader) {
            return new ConfigurationMetrics(reloader);
        }
    }
}
