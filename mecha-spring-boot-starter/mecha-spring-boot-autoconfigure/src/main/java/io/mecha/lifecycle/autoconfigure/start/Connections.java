// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.RetryPolicy;
import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.lifecycle.start.StartGuard;
import io.mecha.lifecycle.start.StartStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;

/** The connections of stores and channels, as steps of the start. */
final class Connections {

    private static final RetryPolicy ONCE = RetryPolicy.attempts(1);

    private Connections() {}

    static List<StartStep> of(ObjectProvider<MechaComponents> primitives, Duration timeout) {
        List<StartStep> steps = new ArrayList<>();
        primitives
                .orderedStream()
                .forEach((primitive) -> primitive.components().stream()
                        .filter((component) -> component.health().enabled())
                        .forEach((component) -> steps.add(step(primitive.primitive(), component, timeout))));
        return steps;
    }

    private static StartStep step(String primitive, MechaComponent component, Duration timeout) {
        return new StartStep(
                primitive + "." + component.name(),
                StartStep.Kind.CONNECTION,
                component.property(),
                List.of(),
                timeout,
                ONCE,
                onFailure(component.health().start()),
                StartGuard.ALWAYS,
                component::ping);
    }

    private static StartStep.OnFailure onFailure(HealthOptions.Start start) {
        if (start == HealthOptions.Start.REQUIRED) {
            return StartStep.OnFailure.STOP;
        }
        return start == HealthOptions.Start.AWAITED ? StartStep.OnFailure.KEEP_TRYING : StartStep.OnFailure.GO_ON;
    }
}
