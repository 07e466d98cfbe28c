// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.runtime.metrics.CallMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An observer with the meters that observations would have, without an observation for each call. */
final class MeteredCalls implements CallObserver {

    private static final List<String> OUTCOMES =
            Arrays.stream(CallOutcome.values()).map(CallOutcome::toString).toList();

    private final Map<StoreOperation, CallMeters> meters = new EnumMap<>(StoreOperation.class);

    MeteredCalls(String store, String type, MeterRegistry registry) {
        Tags tags = Tags.of("store", store, "type", type);
        for (StoreOperation operation : StoreOperation.values()) {
            meters.put(
                    operation,
                    new CallMeters(registry, operation.observation(), tags, OUTCOMES, CallOutcome.ERROR.toString()));
        }
    }

    @Override
    public <R extends @Nullable Object> R observe(
            StoreOperation operation, Supplier<R> call, Function<R, CallOutcome> outcome) {
        CallMeters own = Objects.requireNonNull(meters.get(operation));
        CallMeters.Call begun = own.begin();
        R result;
        CallOutcome reached;
        try {
            result = call.get();
            reached = outcome.apply(result);
        } catch (Throwable failure) { // allow CatchException: measured, and thrown on
            own.threw(begun, CallOutcome.ERROR.toString(), failure);
            throw failure;
        }
        own.returned(begun, reached.index());
        return result;
    }
}
