// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Explains why there is no bean of type {@code KeyValueStore}, where Spring Boot would advise to define one. */
@Order(0)
final class StateInjectionFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    private final Environment environment;

    StateInjectionFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        ResolvableType type = cause.getResolvableType();
        if (cause instanceof NoUniqueBeanDefinitionException || type == null || type.resolve() != KeyValueStore.class) {
            return null;
        }
        String place = place(rootFailure);
        if (!environment.getProperty("mecha.state.enabled", Boolean.class, true)) {
            return new FailureAnalysis(
                    "MECHA-S107: %s takes a %s, but mecha.state.enabled is false.".formatted(place, type),
                    "Set mecha.state.enabled to true, or remove what takes the store.",
                    cause);
        }
        return new FailureAnalysis(
                "MECHA-S107: %s takes a %s without saying which.".formatted(place, type),
                "Annotate it with @StateStore(\"name\"), or define a bean of that type.",
                cause);
    }

    private String place(Throwable failure) {
        UnsatisfiedDependencyException unsatisfied = findCause(failure, UnsatisfiedDependencyException.class);
        while (unsatisfied != null) {
            UnsatisfiedDependencyException deeper =
                    findCause(unsatisfied.getCause(), UnsatisfiedDependencyException.class);
            if (deeper == null) {
                InjectionPoint point = unsatisfied.getInjectionPoint();
                return point == null ? "A bean" : StateInjectionPoint.place(point);
            }
            unsatisfied = deeper;
        }
        return "A bean";
    }
}
