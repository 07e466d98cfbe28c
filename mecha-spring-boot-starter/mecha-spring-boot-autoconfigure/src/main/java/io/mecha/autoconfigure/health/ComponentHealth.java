// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.MechaException;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of the components of one primitive, each asked for a bounded time.
 *
 * <p>A component is asked once at a time however many want to know, and its answer is used again for a while. One that hangs is asked
 * again only after it has answered, so that checks do not pile up behind it.
 *
 * @since 1.0
 */
public final class ComponentHealth implements CompositeHealthContributor {

    private final MechaComponents components;
    private final Function<Supplier<Health>, HealthIndicator> factory;
    private final Map<String, HealthIndicator> indicators = new ConcurrentHashMap<>();

    ComponentHealth(MechaComponents components, Function<Supplier<Health>, HealthIndicator> factory) {
        this.components = components;
        this.factory = factory;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        return healthy()
                .filter((component) -> component.name().equals(name))
                .findFirst()
                .map(this::indicator)
                .orElse(null);
    }

    @Override
    public Stream<Entry> stream() {
        return healthy().map((component) -> new Entry(component.name(), indicator(component)));
    }

    /**
     * Return the health of the components without which the application is not ready.
     *
     * @return entries whose names begin with the primitive, as {@code state.orders}
     */
    public Stream<Entry> readiness() {
        return healthy()
                .filter((component) -> component.health().readiness())
                .map((component) -> new Entry(components.primitive() + "." + component.name(), indicator(component)));
    }

    private Stream<MechaComponent> healthy() {
        return components.components().stream()
                .filter((component) -> component.health().enabled());
    }

    private HealthIndicator indicator(MechaComponent component) {
        HealthIndicator answers =
                indicators.computeIfAbsent(component.name(), (name) -> factory.apply(() -> ask(component)));
        return () -> describe(component, answers.health());
    }

    private static Health ask(MechaComponent component) {
        try {
            component.ping();
            return Health.up().build();
        } catch (Throwable failure) { // allow CatchException: that is what is asked
            return down(failure).build();
        }
    }

    private static Health describe(MechaComponent component, @Nullable Health answer) {
        if (answer == null) {
            return Health.unknown().build();
        }
        Health.Builder health = Health.status(answer.getStatus()).withDetail("type", component.type());
        answer.getDetails().forEach(health::withDetail);
        component.concerns().forEach(health::withDetail);
        return health.build();
    }

    // Not the exception itself: messages of client libraries may quote connection strings.
    static Health.Builder down(@Nullable Throwable failure) {
        Health.Builder health = Health.down();
        if (failure instanceof MechaException known) {
            health.withDetail("code", known.code()).withDetail("problem", known.problem());
        } else if (failure != null) {
            health.withDetail("problem", failure.getClass().getName());
        }
        return health;
    }
}
