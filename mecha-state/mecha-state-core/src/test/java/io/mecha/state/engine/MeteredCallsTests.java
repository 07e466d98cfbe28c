// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.PageRequest;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.Change;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.test.TestClock;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MeteredCallsTests {

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final KeyValueStore<String> store = builder().meters(meters).build().store(String.class);

    private Map<Statistic, Double> active(String operation) {
        Map<Statistic, Double> values = new EnumMap<>(Statistic.class);
        for (Measurement measurement : meters.get("mecha.state." + operation + ".active")
                .tags("store", "notes", "type", "memory", "outcome", "error")
                .meter()
                .measure()) {
            values.put(measurement.getStatistic(), measurement.getValue());
        }
        return values;
    }

    @Test
    void timesCallsByTheirOutcome() {
        store.put("a", "1");
        store.get("a");
        store.get("b");
        store.get("b");

        assertThat(meters.get("mecha.state.get")
                        .tags("store", "notes", "type", "memory", "outcome", "miss", "error", "none")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(meters.get("mecha.state.get").tag("outcome", "hit").timer().count())
                .isEqualTo(1);
        assertThat(meters.get("mecha.state.put").tag("outcome", "done").timer().count())
                .isEqualTo(1);
        assertThat(meters.find("mecha.state.find").meters()).isEmpty();
    }

    @Test
    void countsWhatIsActive() {
        store.compute("a", old -> {
            clock.add(Duration.ofSeconds(2));
            assertThat(active("compute"))
                    .containsEntry(Statistic.ACTIVE_TASKS, 1.0)
                    .containsEntry(Statistic.DURATION, 2.0)
                    .containsEntry(Statistic.MAX, 2.0);
            return "1";
        });

        assertThat(active("compute")).containsEntry(Statistic.ACTIVE_TASKS, 0.0).containsEntry(Statistic.DURATION, 0.0);
        assertThat(meters.get("mecha.state.compute").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
    }

    private void nest(int depth) {
        store.compute("key" + depth, old -> {
            clock.add(Duration.ofSeconds(1));
            if (depth > 1) {
                nest(depth - 1);
            } else {
                assertThat(active("compute"))
                        .containsEntry(Statistic.ACTIVE_TASKS, 100.0)
                        .containsEntry(Statistic.DURATION, 100 * 101 / 2.0)
                        .containsEntry(Statistic.MAX, 100.0);
            }
            return "1";
        });
    }

    @Test
    void countsAnyNumberOfActiveCalls() {
        nest(100);

        assertThat(active("compute"))
                .containsEntry(Statistic.ACTIVE_TASKS, 0.0)
                .containsEntry(Statistic.DURATION, 0.0)
                .containsEntry(Statistic.MAX, 0.0);
    }

    private static Map<String, Map<Statistic, Double>> all(Function<MeterRegistry, StateStoreComponent> component) {
        MockClock time = new MockClock();
        SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, time);
        KeyValueStore<String> store = component.apply(registry).store(String.class);
        Map<String, Map<Statistic, Double>> during = new TreeMap<>();
        String version = store.put("a", "1");
        store.get("a");
        store.find("missing");
        store.replace("a", "2", version);
        store.replace("a", "2", version);
        store.putIfAbsent("a", "3");
        store.compute("a", current -> {
            time.add(Duration.ofSeconds(2));
            during.putAll(values(registry, "during "));
            return current + "!";
        });
        store.compute("a", "0", current -> current + "!");
        store.getAll(List.of("a"));
        store.putAll(Map.of("b", "1"));
        store.writeAll(List.of(Change.put("c", "1")));
        store.transact(tx -> tx.replace("c", "2", "stale"));
        store.keys("", PageRequest.first(10));
        store.remove("a", "stale");
        store.remove("a");
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> store.get(" "));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store.compute("b", current -> {
                    time.add(Duration.ofSeconds(3));
                    throw new IllegalStateException("refused");
                }));
        during.putAll(values(registry, ""));
        return during;
    }

    private static Map<String, Map<Statistic, Double>> values(MeterRegistry registry, String when) {
        Map<String, Map<Statistic, Double>> all = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            Map<Statistic, Double> values = new EnumMap<>(Statistic.class);
            meter.measure().forEach(measurement -> values.put(measurement.getStatistic(), measurement.getValue()));
            String kind = meter instanceof LongTaskTimer ? "LongTaskTimer" : "Timer";
            all.put("%s%s %s %s %s".formatted(when, id, id.getType(), id.getBaseUnit(), kind), values);
        }
        return all;
    }

    private static StateStoreComponent.Builder builder() {
        return StateStoreComponent.builder(
                "notes", "memory", new MemoryStateBackend(new TestClock()), JacksonCodecs.standard());
    }

    @Test
    void writesTheMetersThatAreMadeOfObservations() {
        Map<String, Map<Statistic, Double>> observed = all(registry -> {
            ObservationRegistry observations = ObservationRegistry.create();
            observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
            return builder().observations(observations).build();
        });

        assertThat(all(registry -> builder().meters(registry).build()))
                .hasSize(40)
                .isEqualTo(observed);
        assertThat(all(registry -> builder()
                        .meters(new CompositeMeterRegistry(registry.config().clock(), List.of(registry)))
                        .build()))
                .isEqualTo(observed);
    }

    @Test
    void timesCallsWhereActiveOnesAreDenied() {
        meters.config().meterFilter(MeterFilter.denyNameStartsWith("mecha.state.compute.active"));

        store.compute("a", old -> {
            clock.add(Duration.ofSeconds(2));
            return "1";
        });

        assertThat(meters.get("mecha.state.compute").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
    }

    @Test
    void namesWhatWasThrown() {
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> store.get(" "));

        assertThat(meters.get("mecha.state.get")
                        .tags("outcome", "error", "error", "InvalidStateRequestException")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(active("get")).containsEntry(Statistic.ACTIVE_TASKS, 0.0);
    }
}
