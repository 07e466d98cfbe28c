// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure.metrics;

import io.mecha.autoconfigure.metrics.MetersAlone;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.autoconfigure.StateStoreCustomizer;
import io.mecha.state.engine.StateStoreRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
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
 * Auto-configuration of the metrics of near caches, and of those of calls where these need no observation.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = StateAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
public final class StateMetricsAutoConfiguration {

    /** Beans that need Micrometer's metrics, only where they are there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, CaffeineCacheMetrics.class})
    @ConditionalOnBean({MeterRegistry.class, StateStoreRegistry.class})
    static class NearCaches {

        @Bean
        @ConditionalOnMissingBean
        NearCacheMetrics mechaNearCacheMetrics(StateStoreRegistry stores) {
            return new NearCacheMetrics(stores);
        }
    }

    /** Measures calls without observations where nothing else looks at these. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, ObservationRegistryCustomizer.class})
    @ConditionalOnBean({MeterRegistry.class, ObservationRegistry.class})
    static class Calls {

        /** Comes first, so that what the application does with observations counts. */
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        StateStoreCustomizer mechaStateCallMeters(ConfigurableListableBeanFactory beans, Environment environment) {
            Optional<MeterRegistry> meters = MetersAlone.registry(beans, environment);
            return (name, builder) -> meters.ifPresent(builder::meters);
        }
    }
}
