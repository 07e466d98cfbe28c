// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

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

    private static Map<String, List<Statistic>> meters(ApplicationContext context) {
        KeyValueStore<String> carts = context.getBean(StateStores.class).store("carts", String.class);
        carts.put("a", "1");
        carts.get("a");
        carts.get("b");
        carts.putIfAbsent("a", "2");
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.remove(" "));
        Map<String, List<Statistic>> meters = new TreeMap<>();
        for (Meter meter : context.getBean(MeterRegistry.class).getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith("mecha.state")) {
                List<Statistic> statistics = StreamSupport.stream(
                                meter.measure().spliterator(), false)
                        .map(Measurement::getStatistic)
                        .toList();
                meters.put("%s %s %s".formatted(id, id.getType(), id.getBaseUnit()), statistics);
            }
        }
        return meters;
    }

    @Test
    void hasTheSameMetersWithObservationsAndWithout() {
        ApplicationContextRunner actuator = runner.withConfiguration(
                        AutoConfigurations.of(ObservationAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new);
        List<String> seen = new ArrayList<>();
        List<Map<String, List<Statistic>>> meters = new ArrayList<>();

        actuator.run((context) -> {
            context.getBean(ObservationRegistry.class)
                    .observationConfig()
                    .observationHandler(new Seeing(seen)); // no bean, so nothing asks for observations
            meters.add(meters(context));
            assertThat(seen).isEmpty();
        });
        actuator.withBean(Seeing.class, () -> new Seeing(seen)).run((context) -> meters.add(meters(context)));

        assertThat(seen)
                .containsExactly(
                        "mecha.state.put",
                        "mecha.state.get",
                        "mecha.state.get",
                        "mecha.state.put-if-absent",
                        "mecha.state.remove");
        assertThat(meters.get(0)).isNotEmpty().isEqualTo(meters.get(1));
    }

    private record Seeing(List<String> names) implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        @Override
        public void onStop(Observation.Context context) {
            names.add(String.valueOf(context.getName()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "management.observations.enable.mecha.state=false, false",
        "management.observations.key-values.region=north, true",
        "management.metrics.observations.ignored-meters=long-task-timer, true"
    })
    void heedsWhatIsConfiguredForObservations(String property, boolean measured) {
        runner.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues(property)
                .run((context) -> {
                    context.getBean(StateStores.class)
                            .store("carts", String.class)
                            .get("a");

                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    assertThat(meters.find("mecha.state.get").timers()).hasSize(measured ? 1 : 0);
                    assertThat(meters.find("mecha.state.get")
                                    .tag("region", "north")
                                    .timers())
                            .hasSize(property.contains("region") ? 1 : 0);
                    assertThat(meters.find("mecha.state.get.active").meters())
                            .hasSize(property.contains("region") ? 1 : 0);
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
