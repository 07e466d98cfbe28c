// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.runtime.metrics.CallMeters;
import io.mecha.runtime.metrics.ObservationGuard;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The meters of sends or of handler calls: those that Micrometer makes of observations, at a fraction of the cost, where nothing else looks
 * at these. A call looks like an observation to who begins and ends it. Thread-safe; a call is not.
 */
public final class MeteredCalls {

    private static final Observation.ContextView NOTHING = new Observation.Context();

    private final CallMeters meters;
    private final List<String> outcomes;

    /**
     * Find the meters of a kind of call.
     *
     * @param registry where they are
     * @param name name of the meters
     * @param tags their tags, with the outcome that a call has before it ends
     * @param outcomes the outcomes of calls that do not throw
     */
    public MeteredCalls(MeterRegistry registry, String name, KeyValues tags, List<String> outcomes) {
        Tags fixed = Tags.empty();
        for (KeyValue tag : tags) {
            fixed = tag.getKey().equals(ObservationGuard.OUTCOME) ? fixed : fixed.and(tag.getKey(), tag.getValue());
        }
        this.meters = new CallMeters(registry, name, fixed, outcomes, MessagingAttributes.NONE);
        this.outcomes = outcomes;
    }

    /**
     * Make a call.
     *
     * @return the call, to be started
     */
    public Observation create() {
        return new Call();
    }

    /** A call, of which its outcome and what it threw are noticed. */
    private final class Call implements Observation {

        private CallMeters.@Nullable Call begun;
        private String outcome = MessagingAttributes.NONE;
        private @Nullable Throwable failure;

        @Override
        public Observation start() {
            begun = meters.begin();
            return this;
        }

        @Override
        public Observation lowCardinalityKeyValue(KeyValue keyValue) {
            return lowCardinalityKeyValue(keyValue.getKey(), keyValue.getValue());
        }

        @Override
        public Observation lowCardinalityKeyValue(String key, String value) {
            if (key.equals(ObservationGuard.OUTCOME)) {
                outcome = value;
            }
            return this;
        }

        @Override
        public Observation error(Throwable error) {
            failure = error;
            return this;
        }

        @Override
        public void stop() {
            if (begun == null) {
                return;
            }
            int index = failure == null ? outcomes.indexOf(outcome) : -1;
            if (index >= 0) {
                meters.returned(begun, index);
            } else {
                meters.ended(begun, outcome, failure);
            }
        }

        @Override
        public Scope openScope() {
            return Scope.NOOP;
        }

        @Override
        public Observation contextualName(@Nullable String contextualName) {
            return this;
        }

        @Override
        public Observation parentObservation(@Nullable Observation parentObservation) {
            return this;
        }

        @Override
        public Observation highCardinalityKeyValue(KeyValue keyValue) {
            return this;
        }

        @Override
        public Observation highCardinalityKeyValue(String key, String value) {
            return this;
        }

        @Override
        public Observation observationConvention(ObservationConvention<?> observationConvention) {
            return this;
        }

        @Override
        public Observation event(Event event) {
            return this;
        }

        @Override
        public Context getContext() {
            return new Context();
        }

        @Override
        public ContextView getContextView() {
            return NOTHING;
        }
    }
}
