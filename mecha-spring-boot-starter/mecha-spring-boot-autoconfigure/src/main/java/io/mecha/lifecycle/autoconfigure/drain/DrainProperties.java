// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Drain properties.
 *
 * @param drainDelay How long to serve everything after readiness went off, before the application takes in nothing new. Without it, 5s
 *     where HTTP is served on a platform such as Kubernetes, and 0s elsewhere.
 * @param shutdownBudget Longest time from the signal to end until beans are destroyed, the delay included.
 */
@ConfigurationProperties("mecha.lifecycle")
record DrainProperties(
        @Nullable Duration drainDelay, @DefaultValue("30s") Duration shutdownBudget) {

    static final String DELAY = "mecha.lifecycle.drain-delay";
    static final String BUDGET = "mecha.lifecycle.shutdown-budget";

    /** What the delay has to leave for the work in progress. */
    private static final Duration LEAST_WORK = Duration.ofSeconds(1);

    /** Checks what binding cannot. */
    DrainProperties check() {
        if (shutdownBudget.compareTo(LEAST_WORK) < 0) {
            throw mistake(BUDGET, "%s is no time to drain in.".formatted(shutdownBudget), "Set %s to at least 1s.");
        }
        if (drainDelay != null && drainDelay.isNegative()) {
            throw mistake(DELAY, "%s is negative.".formatted(drainDelay), "Set %s to 0s for no delay.");
        }
        if (drainDelay != null && drainDelay.plus(LEAST_WORK).compareTo(shutdownBudget) > 0) {
            throw mistake(
                    DELAY,
                    "%s leaves less than 1s of %s, which is %s, to finish what is in progress."
                            .formatted(drainDelay, BUDGET, shutdownBudget),
                    "Make %s shorter, or the budget longer, and with it terminationGracePeriodSeconds.");
        }
        return this;
    }

    private static InvalidConfigurationException mistake(String property, String problem, String action) {
        return new InvalidConfigurationException(
                List.of(new Mistake("MECHA-L401", property, problem, action.formatted(property))));
    }
}
