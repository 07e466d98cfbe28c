// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.metrics;

import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.binding.engine.BindingEngine;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the metrics of channels; those of single sends and receives come with observations.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = BindingAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
public final class BindingMetricsAutoConfiguration {

    /** Beans that need Micrometer's metrics, only where they are there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean({MeterRegistry.class, BindingEngine.class})
    static class ChannelMeters {

        @Bean
        @ConditionalOnMissingBean
        BindingMetrics mechaBindingMetrics(BindingEngine engine, MeterRegistry registry) {
            return new BindingMetrics(engine, registry);
        }
    }
}
