// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.autoconfigure.MechaComponents;
import io.mecha.runtime.Threads;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * A factory of checks of health, which run once at a time, for a bounded time, and whose answers are used again for a while.
 *
 * @since 1.0
 */
public final class ComponentHealthFactory {

    private final Executor executor = Threads.unbounded("mecha-health");
    private final Duration timeout;
    private final Duration maxAge;

    ComponentHealthFactory(Duration timeout, Duration maxAge) {
        this.timeout = timeout;
        this.maxAge = maxAge;
    }

    /**
     * Make the contributor that asks each component of a primitive.
     *
     * @param components the components, looked up at each check
     * @return the contributor
     */
    public ComponentHealth create(MechaComponents components) {
        return new ComponentHealth(components, (check) -> indicator(check, timeout, maxAge));
    }

    /**
     * Make a check.
     *
     * @param check answers; may block, and may throw
     * @param own the longest time to wait for an answer; {@code null} for that of components
     * @param age for how long an answer is used again; {@code null} for that of components
     * @return the check
     */
    public HealthIndicator indicator(Callable<Health> check, @Nullable Duration own, @Nullable Duration age) {
        Supplier<Health> asked = () -> {
            try {
                return check.call();
            } catch (Throwable failure) { // allow CatchException: that is what is asked
                return ComponentHealth.down(failure).build();
            }
        };
        return indicator(asked, own == null ? timeout : own, age == null ? maxAge : age);
    }

    private HealthIndicator indicator(Supplier<Health> check, Duration longest, Duration age) {
        return new CachedHealth(check, executor, longest, age);
    }
}
