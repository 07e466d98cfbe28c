// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Thrown;
import io.mecha.runtime.Repeated;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observer that makes an observation of each call, for tracers and handlers of the application. They have no say in what becomes of
 * the call: what one of them throws is told, and goes no further.
 */
final class ObservedCalls implements CallObserver {

    private static final Logger LOG = LoggerFactory.getLogger(ObservedCalls.class);
    private static final String OUTCOME = "outcome";

    private final ObservationRegistry registry;
    private final String name;
    private final KeyValue store;
    private final KeyValue type;
    private final Repeated failures = new Repeated();

    ObservedCalls(String store, String type, ObservationRegistry registry) {
        this.registry = registry;
        this.name = store;
        this.store = KeyValue.of("store", store);
        this.type = KeyValue.of("type", type);
    }

    @Override
    public <R extends @Nullable Object> R observe(
            StoreOperation operation, Supplier<R> call, Function<R, CallOutcome> outcome) {
        Observation observation = start(operation);
        Observation.Scope scope = open(observation);
        R result;
        try {
            result = call.get();
        } catch (Throwable failure) {
            close(scope);
            stop(observation, CallOutcome.ERROR, failure);
            throw failure;
        }
        close(scope);
        stop(observation, outcome.apply(result), null);
        return result;
    }

    private Observation start(StoreOperation operation) {
        Observation observation = Observation.NOOP;
        try {
            observation = Observation.createNotStarted(operation.observation(), registry)
                    .contextualName("state " + operation + " " + name)
                    .lowCardinalityKeyValue(store)
                    .lowCardinalityKeyValue(type)
                    .lowCardinalityKeyValue(OUTCOME, CallOutcome.ERROR.toString());
            observation.start();
        } catch (Throwable broken) { // allow CatchException: the call is made all the same
            failed(broken);
        }
        return observation;
    }

    private Observation.Scope open(Observation observation) {
        Observation.Scope before = registry.getCurrentObservationScope();
        try {
            return observation.openScope();
        } catch (Throwable broken) { // allow CatchException: the call is made all the same
            failed(broken);
        }
        Observation.Scope half = registry.getCurrentObservationScope(); // it is current before a handler is told
        return half == null || half.equals(before) ? Observation.Scope.NOOP : half;
    }

    private void close(Observation.Scope scope) {
        try {
            scope.close();
        } catch (Throwable broken) { // allow CatchException: the call was made all the same
            failed(broken);
            registry.setCurrentObservationScope(scope.getPreviousObservationScope());
        }
    }

    private void stop(Observation observation, CallOutcome outcome, @Nullable Throwable failure) {
        try {
            observation.lowCardinalityKeyValue(OUTCOME, outcome.toString());
            if (failure != null) {
                observation.error(failure);
            }
        } catch (Throwable broken) { // allow CatchException: the call was made all the same
            failed(broken);
        }
        try {
            observation.stop();
        } catch (Throwable broken) { // allow CatchException: the call was made all the same
            failed(broken);
        }
    }

    private void failed(Throwable broken) {
        long count = failures.add();
        if (count > 0) {
            LOG.warn(
                    "Observations of calls to state store '{}' failed, {} times; the calls go on all the same: {}",
                    name,
                    count,
                    Thrown.describe(broken));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("An observation failed", Thrown.loggable(broken));
        }
    }
}
