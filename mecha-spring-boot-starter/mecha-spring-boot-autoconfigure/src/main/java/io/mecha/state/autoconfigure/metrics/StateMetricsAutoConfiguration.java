// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure.metrics;

import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.engine.StateStoreRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the metrics of near caches; those of calls come with observations.
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
}
