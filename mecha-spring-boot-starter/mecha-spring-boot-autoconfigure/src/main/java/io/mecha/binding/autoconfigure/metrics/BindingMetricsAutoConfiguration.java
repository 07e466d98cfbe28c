// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.metrics;

import io.mecha.autoconfigure.metrics.MetersAlone;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.binding.autoconfigure.BindingEngineCustomizer;
import io.mecha.binding.engine.BindingEngine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the metrics of channels; those of single sends and receives come with observations, or where these would serve
 * nothing else, without.
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

    /** Measures sends and handlers without observations where nothing else looks at these. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, ObservationRegistryCustomizer.class})
    @ConditionalOnBean({MeterRegistry.class, ObservationRegistry.class})
    static class Calls {

        /** Comes first, so that what the application does with observations counts. */
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        BindingEngineCustomizer mechaBindingCallMeters(ConfigurableListableBeanFactory beans, Environment environment) {
            Optional<MeterRegistry> meters = MetersAlone.registry(beans, environment);
            return (engine) -> meters.ifPresent(engine::meters);
        }
    }
}
