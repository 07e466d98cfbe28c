// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.lifecycle.start.StartLifecycle;
import io.mecha.lifecycle.start.StartRecord;
import io.mecha.lifecycle.start.StartSequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The steps of the start, for operators: the time line of what was done before traffic came. */
final class StartComponents implements MechaComponents {

    private static final HealthOptions NONE = new HealthOptions(false, false, HealthOptions.Start.OPTIONAL);

    private final StartLifecycle lifecycle;

    StartComponents(StartLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public String primitive() {
        return "start";
    }

    @Override
    public List<MechaComponent> components() {
        StartSequence sequence = lifecycle.sequence();
        return sequence == null
                ? List.of()
                : sequence.records().stream().<MechaComponent>map(Step::new).toList();
    }

    /** One step. */
    private record Step(StartRecord step) implements MechaComponent {

        @Override
        public String name() {
            return step.name();
        }

        @Override
        public String type() {
            return lower(step.kind());
        }

        @Override
        public Map<String, Map<String, Object>> capabilities() {
            return Map.of();
        }

        @Override
        public Map<String, Object> details() {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("outcome", lower(step.outcome()));
            details.put("attempts", step.attempts());
            if (step.attempts() > 0) {
                details.put("begin", step.begin());
                details.put("duration", step.duration());
            }
            if (step.problem() != null) {
                details.put("problem", step.problem());
            }
            return details;
        }

        private static String lower(Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public Map<String, Object> concerns() {
            return Map.of();
        }

        @Override
        public String property() {
            return "mecha.lifecycle.start";
        }

        @Override
        public Optional<String> origin() {
            return Optional.empty();
        }

        @Override
        public HealthOptions health() {
            return NONE;
        }

        @Override
        public void ping() {}
    }
}
