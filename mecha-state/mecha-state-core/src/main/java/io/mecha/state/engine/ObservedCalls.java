// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.runtime.metrics.ObservationGuard;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An observer that makes an observation of each call, for tracers and handlers of the application. */
final class ObservedCalls implements CallObserver {

    private static final KeyValue UNKNOWN = KeyValue.of(ObservationGuard.OUTCOME, CallOutcome.ERROR.toString());

    private final ObservationRegistry registry;
    private final String name;
    private final KeyValue store;
    private final KeyValue type;
    private final ObservationGuard guard;

    ObservedCalls(String store, String type, ObservationRegistry registry) {
        this.registry = registry;
        this.name = store;
        this.store = KeyValue.of("store", store);
        this.type = KeyValue.of("type", type);
        this.guard = new ObservationGuard(registry, "calls to state store '" + store + "'");
    }

    @Override
    public <R extends @Nullable Object> R observe(
            StoreOperation operation, Supplier<R> call, Function<R, CallOutcome> outcome) {
        return guard.observe(
                guard.start(() -> create(operation)),
                call::get,
                result -> outcome.apply(result).toString(),
                CallOutcome.ERROR.toString());
    }

    private Observation create(StoreOperation operation) {
        return Observation.createNotStarted(operation.observation(), registry)
                .contextualName("state " + operation + " " + name)
                .lowCardinalityKeyValue(store)
                .lowCardinalityKeyValue(type)
                .lowCardinalityKeyValue(UNKNOWN);
    }
}
