// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class StateMetricsAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    StateMetricsAutoConfiguration.class))
            .withPropertyValues(
                    "mecha.state.stores.carts.type=memory", "mecha.state.stores.carts.near-cache.maximum-size=10");

    @Test
    void measuresNearCaches() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
            KeyValueStore<String> carts = context.getBean(StateStores.class).store("carts", String.class);
            carts.get("a");
            carts.get("a");

            assertThat(context.getBean(MeterRegistry.class)
                            .get("cache.gets")
                            .tags("cache", "carts", "cache.manager", "mecha", "result", "hit")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void timesCalls() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        runner.withBean(ObservationRegistry.class, () -> observations).run((context) -> {
            context.getBean(StateStores.class).store("carts", String.class).put("a", "1");

            assertThat(meters.get("mecha.state.put")
                            .tags("store", "carts", "type", "memory", "outcome", "done", "error", "none")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void tracesCallsInsideTheSpanOfTheCaller() {
        TestObservationRegistry observations = TestObservationRegistry.create();
        runner.withBean(ObservationRegistry.class, () -> observations).run((context) -> {
            KeyValueStore<String> carts = context.getBean(StateStores.class).store("carts", String.class);
            Observation.createNotStarted("request", observations).observe(() -> carts.get("a"));

            TestObservationRegistryAssert.assertThat(observations)
                    .hasObservationWithNameEqualTo("mecha.state.get")
                    .that()
                    .hasContextualNameEqualTo("state get carts")
                    .hasLowCardinalityKeyValue("store", "carts")
                    .hasLowCardinalityKeyValue("outcome", "miss")
                    .hasParentObservationContextMatching((parent) -> "request".equals(parent.getName()))
                    .hasBeenStopped();
        });
    }

    @Test
    void backsOffWithoutMeterRegistry() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MechaAutoConfiguration.class,
                        StateAutoConfiguration.class,
                        StateMetricsAutoConfiguration.class))
                .run((context) -> assertThat(context).doesNotHaveBean(NearCacheMetrics.class));
    }

    @Test
    void backsOffWithoutMicrometersMetrics() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MechaAutoConfiguration.class,
                        StateAutoConfiguration.class,
                        StateMetricsAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(NearCacheMetrics.class));
    }

    @Test
    void doesNothingWhenStateIsSwitchedOff() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("mecha.state.enabled=false")
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(NearCacheMetrics.class));
    }
}
