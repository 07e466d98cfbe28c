// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.BeanMethod;
import io.mecha.autoconfigure.handler.HandlerAttributes;
import io.mecha.autoconfigure.handler.HandlerInvoker;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.MethodRegistrar;
import io.mecha.autoconfigure.health.ComponentHealthFactory;
import io.mecha.lifecycle.Probe;
import io.mecha.lifecycle.ProbeResult;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.core.env.Environment;

/** The methods with {@code @Probe}, as checks. */
final class ProbeMethods implements MethodRegistrar<Probe> {

    private static final HandlerMistakes CODES = new HandlerMistakes("MECHA-L301", "MECHA-L301", "MECHA-L301");
    private static final Set<Class<?>> ANSWERS =
            Set.of(void.class, boolean.class, Boolean.class, ProbeResult.class, Health.class);

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;
    private final ComponentHealthFactory factory;
    private final ObjectProvider<HealthEndpointGroups> groups;
    private final Map<Probe.Kind, Map<String, HealthIndicator>> checks = new EnumMap<>(Probe.Kind.class);

    ProbeMethods(
            ConfigurableListableBeanFactory beans,
            Environment environment,
            ComponentHealthFactory factory,
            ObjectProvider<HealthEndpointGroups> groups) {
        this.beans = beans;
        this.groups = groups;
        this.environment = environment;
        this.factory = factory;
    }

    /** Returns the checks of one probe, by name, once all beans were looked at. */
    Map<String, HealthIndicator> checks(Probe.Kind kind) {
        return checks.getOrDefault(kind, Map.of());
    }

    @Override
    public Class<Probe> annotation() {
        return Probe.class;
    }

    @Override
    public void register(AnnotatedBean bean, Method method, Probe annotation, MistakeCollector mistakes) {
        if (method.getParameterCount() > 0 || !ANSWERS.contains(method.getReturnType())) {
            throw CODES.signature(
                    method,
                    "It takes parameters, or returns what is no answer.",
                    "Let it take none, and return a boolean, a ProbeResult, a Health or nothing.");
        }
        BeanMethod target = BeanMethod.of(CODES, beans, bean, method);
        if (target.runsElsewhere()) {
            throw CODES.signature(
                    method,
                    "It returns before it has run, since it is asynchronous.",
                    "Remove @Async: a probe has a thread of its own.");
        }
        HandlerAttributes attributes = new HandlerAttributes(CODES, method, environment, mistakes);
        String name = attributes.text(annotation.name());
        name = name.isEmpty() ? method.getName() : name;
        if (!ComponentConfiguration.isName(name)) {
            attributes.reject(
                    "name", "'%s' cannot be a name.".formatted(name), "Use letters, digits, dots or hyphens.");
        }
        Duration[] times = new Duration[2];
        attributes.duration("timeout", annotation.timeout(), (read) -> times[0] = checked(read, false));
        attributes.duration("maxAge", annotation.maxAge(), (read) -> times[1] = checked(read, true));
        HandlerInvoker invoker = target.invoker(List.of());
        Callable<Health> check = () -> answer(invoker.call("", null));
        HealthIndicator other = checks.computeIfAbsent(annotation.value(), (kind) -> new TreeMap<>())
                .putIfAbsent(name, factory.indicator(check, times[0], times[1]));
        if (other != null) {
            attributes.reject(
                    "name",
                    "There is another probe of the name '%s' for %s.".formatted(name, annotation.value()),
                    "Name one of them differently.");
        }
    }

    private static Duration checked(Duration read, boolean zero) {
        if (read.isNegative() || (read.isZero() && !zero)) {
            throw new IllegalArgumentException("too short");
        }
        return read;
    }

    private static Health answer(@Nullable Object returned) {
        if (returned instanceof Health health) {
            return health;
        }
        if (returned instanceof ProbeResult result) {
            return (result.healthy() ? Health.up() : Health.down())
                    .withDetails(result.details())
                    .build();
        }
        return (Boolean.FALSE.equals(returned) ? Health.down() : Health.up()).build();
    }

    /** Warns of checks whose group there is not. */
    @Override
    public void complete(MistakeCollector mistakes) {
        HealthEndpointGroups known = checks.isEmpty() ? null : groups.getIfAvailable();
        Set<String> unheeded = new TreeSet<>();
        checks.forEach((kind, some) -> {
            String group = ProbeGroups.NAMES.getOrDefault(kind, "");
            if (known == null || known.get(group) == null) {
                some.keySet().forEach((name) -> unheeded.add("'%s' (%s)".formatted(name, group)));
            }
        });
        UnheededProbes.warn(
                unheeded,
                known == null
                        ? "Let the endpoint health be enabled and exposed: management.endpoints.web.exposure.include"
                        : "There is no such health group: set management.endpoint.health.probes.enabled to true");
    }
}
