// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A record of what happened to each observation, as meters and a tracer see it. */
final class ObservationLog implements ObservationHandler<Observation.Context> {

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<Observation.Context, int[]> calls = Collections.synchronizedMap(new IdentityHashMap<>());

    ObservationLog() {
        registry.observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(meters))
                .observationHandler(this);
    }

    ObservationRegistry registry() {
        return registry;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return true;
    }

    @Override
    public void onStart(Observation.Context context) {
        count(context, 0, 1);
    }

    @Override
    public void onStop(Observation.Context context) {
        count(context, 1, 1);
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
        count(context, 2, 1);
    }

    @Override
    public void onScopeClosed(Observation.Context context) {
        count(context, 2, -1);
    }

    private void count(Observation.Context context, int call, int more) {
        calls.computeIfAbsent(context, seen -> new int[3])[call] += more;
    }

    /** Asserts that each observation was started once and stopped once, that no scope is open, and that no meter counts it as active. */
    void assertEnded() {
        calls.forEach((context, seen) -> assertThat(seen)
                .as("started, stopped, open scopes of %s", context)
                .containsExactly(1, 1, 0));
        assertThat(active()).as("active").isZero();
    }

    private int active() {
        int active = 0;
        for (Meter meter : meters.getMeters()) {
            if (meter instanceof LongTaskTimer timer) {
                active += timer.activeTasks();
            }
        }
        return active;
    }

    /** Returns the tags of each observation that only spans get, by the outcome of the observation. */
    Map<String, Map<String, String>> spans() {
        Map<String, Map<String, String>> spans = new TreeMap<>();
        for (Observation.Context context : List.copyOf(calls.keySet())) {
            Map<String, String> tags = new TreeMap<>();
            context.getHighCardinalityKeyValues().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
            tags.put("name", String.valueOf(context.getContextualName()));
            spans.put(
                    String.valueOf(context.getLowCardinalityKeyValue("outcome").getValue()), tags);
        }
        return spans;
    }

    /** Returns how many observations there are, by name and by the values of the tags, whose order is that of their keys. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Observation.Context context : List.copyOf(calls.keySet())) {
            StringBuilder text = new StringBuilder(context.getName());
            context.getLowCardinalityKeyValues().stream()
                    .sorted()
                    .forEach(tag -> text.append(' ').append(tag.getValue()));
            counts.merge(text.toString(), 1, Integer::sum);
        }
        return counts;
    }
}
