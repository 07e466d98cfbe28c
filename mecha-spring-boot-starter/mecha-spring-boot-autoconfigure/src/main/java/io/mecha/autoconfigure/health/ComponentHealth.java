// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.MechaException;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of the components of one primitive, each asked for a bounded time.
 *
 * <p>A component that hangs is asked again only after it has answered, so that checks do not pile up behind it.
 *
 * @since 1.0
 */
public final class ComponentHealth implements CompositeHealthContributor {

    private final MechaComponents components;
    private final Executor executor;
    private final Duration timeout;
    private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    ComponentHealth(MechaComponents components, Executor executor, Duration timeout) {
        this.components = components;
        this.executor = executor;
        this.timeout = timeout;
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

    private Stream<MechaComponent> healthy() {
        return components.components().stream().filter(MechaComponent::hasHealth);
    }

    private HealthIndicator indicator(MechaComponent component) {
        return () -> health(component);
    }

    private Health health(MechaComponent component) {
        Health.Builder health = Health.up().withDetail("type", component.type());
        CompletableFuture<Void> answer = running.computeIfAbsent(
                component.name(), (name) -> CompletableFuture.runAsync(component::ping, executor));
        boolean answered = true;
        try {
            answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            down(health, failure.getCause());
        } catch (TimeoutException late) {
            answered = false;
            health.down().withDetail("problem", "No answer within %s.".formatted(timeout));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            health.unknown();
        }
        component.concerns().forEach(health::withDetail);
        if (answered || answer.isDone()) {
            running.remove(component.name(), answer);
        }
        return health.build();
    }

    // Not the exception itself: messages of client libraries may quote connection strings.
    private static void down(Health.Builder health, @Nullable Throwable failure) {
        health.down();
        if (failure instanceof MechaException known) {
            health.withDetail("code", known.code()).withDetail("problem", known.problem());
        } else if (failure != null) {
            health.withDetail("problem", failure.getClass().getName());
        }
    }
}
