// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import static io.mecha.coordination.autoconfigure.CoordinationMistakes.METHODS;

import io.mecha.Mistake;
import io.mecha.autoconfigure.advice.AdvisedMethod;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.coordination.ClusterSingleton;
import io.mecha.coordination.LeaderElection;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.LeaderOnly;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/** The names for which this application is a candidate: those of its {@code @LeaderOnly} methods and {@code @ClusterSingleton} beans. */
final class Leaders {

    private final ConfigurableListableBeanFactory beans;
    private final Supplier<LeaderElection> election;
    private final Environment environment;
    private final Map<String, LeaderRole> roles = new LinkedHashMap<>();
    private boolean running;

    Leaders(ConfigurableListableBeanFactory beans, Supplier<LeaderElection> election, Environment environment) {
        this.beans = beans;
        this.election = election;
        this.environment = environment;
    }

    MethodInterceptor advice(AdvisedMethod<LeaderOnly> method) {
        String written = method.annotation().value();
        try {
            LeaderRole role = role(environment.resolveRequiredPlaceholders(written));
            return new LeaderCall(method.method(), role.calls());
        } catch (IllegalArgumentException unresolved) {
            throw METHODS.attribute(
                    method.method(),
                    "value",
                    "'%s' has a placeholder that cannot be resolved.".formatted(written),
                    "Set its property, or give it a default after a colon.");
        }
    }

    /** Returns what the leader of a name does; that of a bean that is made while the application runs is joined at once. */
    private synchronized LeaderRole role(String name) {
        LeaderRole known = roles.get(name);
        if (known == null) {
            known = new LeaderRole();
            roles.put(name, known);
            if (running) {
                join(name, known);
            }
        }
        return known;
    }

    /** Finds the singletons of the cluster, whose mistakes show at start. */
    void prepare(MistakeCollector mistakes) {
        for (String bean : beans.getBeanNamesForAnnotation(ClusterSingleton.class)) {
            ClusterSingleton annotation = beans.findAnnotationOnBean(bean, ClusterSingleton.class);
            if (annotation == null) {
                continue;
            }
            String name = name(annotation, bean, mistakes);
            if (name == null) {
                continue;
            }
            LeaderRole role = role(name);
            String other = role.bean().orElse(null);
            if (other != null) {
                mistakes.add(mistake(
                        bean,
                        "Bean '%s' has a @ClusterSingleton with the same name.".formatted(other),
                        "Give each such bean a name of its own."));
            } else if (!beans.isTypeMatch(bean, LeaderListener.class) || !beans.isSingleton(bean)) {
                mistakes.add(mistake(
                        bean,
                        "A @ClusterSingleton is a singleton that implements LeaderListener, and this bean is not.",
                        "Implement LeaderListener, whose methods begin and end its work."));
            } else {
                role.bean(bean, () -> beans.getBean(bean, LeaderListener.class));
            }
        }
    }

    private @Nullable String name(ClusterSingleton annotation, String bean, MistakeCollector mistakes) {
        try {
            return environment.resolveRequiredPlaceholders(annotation.value());
        } catch (IllegalArgumentException unresolved) {
            mistakes.add(new Mistake(
                    "MECHA-K104",
                    "value of @ClusterSingleton of bean '%s'".formatted(bean),
                    "'%s' has a placeholder that cannot be resolved.".formatted(annotation.value()),
                    "Set its property, or give it a default after a colon."));
            return null;
        }
    }

    private static Mistake mistake(String bean, String problem, String action) {
        return new Mistake("MECHA-K105", "bean '%s'".formatted(bean), problem, action);
    }

    /** Checks what can be checked without standing. */
    synchronized boolean isEmpty() {
        return roles.isEmpty();
    }

    /** Becomes a candidate for each name, unless that was done. */
    synchronized void start() {
        if (!running) {
            running = true;
            roles.forEach(this::join);
        }
    }

    private void join(String name, LeaderRole role) {
        election.get().join(name, role);
    }

    /** Ends the time in which a new name is joined at once; candidates are withdrawn by the caller. */
    synchronized void stopped() {
        running = false;
    }
}
