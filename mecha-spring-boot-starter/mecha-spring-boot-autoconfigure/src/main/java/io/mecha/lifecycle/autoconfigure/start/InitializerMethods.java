// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.RetryPolicy;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.BeanMethod;
import io.mecha.autoconfigure.handler.HandlerAttributes;
import io.mecha.autoconfigure.handler.HandlerInvoker;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.MethodRegistrar;
import io.mecha.lifecycle.Initializer;
import io.mecha.lifecycle.start.StartAction;
import io.mecha.lifecycle.start.StartGuard;
import io.mecha.lifecycle.start.StartSequence;
import io.mecha.lifecycle.start.StartStep;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/** The methods with {@code @Initializer}, as steps of the start. */
final class InitializerMethods implements MethodRegistrar<Initializer> {

    private static final HandlerMistakes CODES = new HandlerMistakes("MECHA-L204", "MECHA-L204", "MECHA-L204");
    private static final String NAME = "1 to 64 letters, digits, dots, underscores or hyphens";

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;
    private final StartProperties properties;
    private final ClusterInitializers clusters;
    private final List<StartStep> steps = new ArrayList<>();
    private final Set<String> disabled = new TreeSet<>();

    InitializerMethods(
            ConfigurableListableBeanFactory beans,
            Environment environment,
            StartProperties properties,
            ClusterInitializers clusters) {
        this.beans = beans;
        this.environment = environment;
        this.properties = properties;
        this.clusters = clusters;
    }

    /** Returns what was found, once all beans were looked at. */
    List<StartStep> steps() {
        return List.copyOf(steps);
    }

    @Override
    public Class<Initializer> annotation() {
        return Initializer.class;
    }

    @Override
    public void register(AnnotatedBean bean, Method method, Initializer annotation, MistakeCollector mistakes) {
        HandlerAttributes attributes = new HandlerAttributes(CODES, method, environment, mistakes);
        String name = name(attributes, "value", annotation.value().isEmpty() ? method.getName() : annotation.value());
        StartProperties.Step set = properties.initializers().getOrDefault(name, StartProperties.Step.UNSET);
        if (!set.enabled()) {
            disabled.add(name);
            return;
        }
        if (method.getParameterCount() > 0) {
            throw CODES.signature(method, "It takes parameters.", "Let it take none; its bean has what it needs.");
        }
        BeanMethod target = BeanMethod.of(CODES, beans, bean, method);
        if (target.runsElsewhere()) {
            throw CODES.signature(
                    method,
                    "It returns before it has run, since it is asynchronous.",
                    "Remove @Async: an initializer has a thread of its own.");
        }
        HandlerInvoker invoker = target.invoker(List.of());
        List<String> after = new ArrayList<>();
        List.of(annotation.after()).forEach((other) -> after.add(attributes.text(other)));
        Settings settings = new Settings(attributes, set, properties);
        steps.add(new StartStep(
                name,
                StartStep.Kind.INITIALIZER,
                HandlerMistakes.place(method),
                after,
                settings.timeout(annotation),
                settings.retry(annotation),
                settings.onFailure(annotation),
                guard(method, name, annotation, attributes),
                action(invoker)));
    }

    private static StartAction action(HandlerInvoker invoker) {
        return () -> {
            Object unused = invoker.call("", null);
        };
    }

    private StartGuard guard(Method method, String name, Initializer annotation, HandlerAttributes attributes) {
        if (annotation.once() == Initializer.Once.NODE) {
            return StartGuard.ALWAYS;
        }
        String version = name(attributes, "version", annotation.version());
        if (!clusters.isAvailable()) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-L206",
                    HandlerMistakes.place(method),
                    "It is to run once in a cluster, and nothing coordinates this application with others.",
                    "Configure a state store that can give leases for coordination, or use once = NODE.")));
        }
        return clusters.guard(name, version);
    }

    private static String name(HandlerAttributes attributes, String attribute, String text) {
        String name = attributes.text(text);
        if (!name.isEmpty() && !ComponentConfiguration.isName(name)) {
            attributes.reject(attribute, "'%s' is not %s.".formatted(name, NAME), "Set %s.".formatted(NAME));
        }
        return name;
    }

    @Override
    public void complete(MistakeCollector mistakes) {
        Set<String> known = new TreeSet<>(disabled);
        steps.forEach((step) -> known.add(step.name()));
        for (Map.Entry<String, StartProperties.Step> set :
                properties.initializers().entrySet()) {
            if (!known.contains(set.getKey())) {
                mistakes.add(new Mistake(
                        "MECHA-L202",
                        PropertyNames.component(StartProperties.INITIALIZERS, set.getKey()),
                        "There is no initializer '%s'.".formatted(set.getKey()),
                        "Name one of %s, or remove it.".formatted(known)));
            }
        }
        steps.replaceAll(this::withoutDisabled);
        StartSequence.ordered(steps, mistakes::add);
    }

    private StartStep withoutDisabled(StartStep step) {
        if (step.after().stream().noneMatch(disabled::contains)) {
            return step;
        }
        return new StartStep(
                step.name(),
                step.kind(),
                step.place(),
                step.after().stream().filter((name) -> !disabled.contains(name)).toList(),
                step.timeout(),
                step.retry(),
                step.onFailure(),
                step.guard(),
                step.action());
    }

    /** The settings of one initializer: its properties, else its annotation, else the properties of all. */
    private record Settings(HandlerAttributes attributes, StartProperties.Step set, StartProperties all) {

        Duration timeout(Initializer annotation) {
            Duration[] timeout = {set.timeout() == null ? all.timeout() : set.timeout()};
            if (set.timeout() == null) {
                attributes.duration("timeout", annotation.timeout(), (read) -> timeout[0] = positive(read));
            }
            return timeout[0];
        }

        private static Duration positive(Duration read) {
            if (read.isNegative() || read.isZero()) {
                throw new IllegalArgumentException("not positive");
            }
            return read;
        }

        RetryPolicy retry(Initializer annotation) {
            RetryPolicy common = all.retry().policy();
            RetryPolicy[] own = {new RetryPolicy(null, null, null, null, null, List.of(annotation.notRetryable()))};
            attributes.set(
                    "maxAttempts",
                    annotation.maxAttempts(),
                    Integer::valueOf,
                    (read) -> own[0] = RetryPolicy.attempts(read).orElse(own[0]),
                    "1 or more");
            Integer attempts = set.maxAttempts();
            if (attempts != null && attempts < 1) {
                attributes.reject("maxAttempts", "It would be tried %d times.".formatted(attempts), "Set 1 or more.");
            } else if (attempts != null) {
                own[0] = RetryPolicy.attempts(attempts).orElse(own[0]);
            }
            return own[0].orElse(common);
        }

        StartStep.OnFailure onFailure(Initializer annotation) {
            Initializer.@Nullable OnFailure configured = set.onFailure();
            return (configured == null ? annotation.onFailure() : configured) == Initializer.OnFailure.STOP
                    ? StartStep.OnFailure.STOP
                    : StartStep.OnFailure.KEEP_TRYING;
        }
    }
}
