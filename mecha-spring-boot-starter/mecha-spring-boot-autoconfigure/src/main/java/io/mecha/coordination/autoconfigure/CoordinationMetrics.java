// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.engine.Coordination;
import io.mecha.coordination.engine.CoordinationStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;

/** The meters of locks and leaders of this node, as {@code mecha.coordination.*}, once something uses these. */
final class CoordinationMetrics implements CoordinationObserver {

    private final ObjectProvider<MeterRegistry> registry;

    CoordinationMetrics(ObjectProvider<MeterRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public void made(Coordination coordination) {
        registry.ifUnique((meters) -> measure(coordination, meters));
    }

    private static void measure(Coordination coordination, MeterRegistry registry) {
        Gauge.builder("mecha.coordination.held", coordination, Coordination::held)
                .description("Locks and leaderships that this node holds")
                .register(registry);
        CoordinationStatistics statistics = coordination.statistics();
        count(registry, statistics, "locks.acquired", "Locks acquired", CoordinationStatistics::acquired);
        count(registry, statistics, "locks.missed", "Locks not acquired in time", CoordinationStatistics::missed);
        count(
                registry,
                statistics,
                "lost",
                "Locks and leaderships that ended before they were given back",
                CoordinationStatistics::lost);
        count(
                registry,
                statistics,
                "renewals.failed",
                "Rounds of renewals that the store did not answer",
                CoordinationStatistics::unrenewed);
    }

    private static void count(
            MeterRegistry registry,
            CoordinationStatistics statistics,
            String name,
            String description,
            Function<CoordinationStatistics, LongAdder> counter) {
        FunctionCounter.builder("mecha.coordination." + name, counter.apply(statistics), LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }
}
