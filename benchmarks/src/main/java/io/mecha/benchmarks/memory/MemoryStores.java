// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.memory;

import io.mecha.benchmarks.workload.Order;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;

/** Stores of orders in the memory of this JVM. */
final class MemoryStores {

    private MemoryStores() {}

    /** A store that may hand out the very instance that was put. */
    static KeyValueStore<Order> shared() {
        return builder().immutableValues(true).build().store(Order.class);
    }

    /** A store that keeps bytes, so that nobody shares an instance with anybody. */
    static KeyValueStore<Order> copied() {
        return builder().build().store(Order.class);
    }

    /** A shared store with an observation, which nobody looks at, around each call. */
    static KeyValueStore<Order> observed() {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new Indifferent());
        return builder().immutableValues(true).observations(registry).build().store(Order.class);
    }

    /** A shared store with an observation around each call, of which Micrometer's handler makes meters. */
    static KeyValueStore<Order> observedForMeters() {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
        return builder().immutableValues(true).observations(registry).build().store(Order.class);
    }

    /** A shared store that measures each call, as with Actuator and without a tracer. */
    static KeyValueStore<Order> metered() {
        return builder()
                .immutableValues(true)
                .meters(new SimpleMeterRegistry())
                .build()
                .store(Order.class);
    }

    private static StateStoreComponent.Builder builder() {
        MemoryStateBackend backend = new MemoryStateBackend(InstantSource.system());
        return StateStoreComponent.builder("orders", "memory", backend, JacksonCodecs.standard());
    }

    /** Takes part in every observation and does nothing. */
    private static final class Indifferent implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
