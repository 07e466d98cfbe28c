// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * An explanation why there is no bean for an injection point that lacks its annotation, where Spring Boot would advise to define one.
 *
 * @since 1.0
 */
public abstract class InjectionFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    private final Environment environment;
    private final Set<Class<?>> types;
    private final String annotation;
    private final String enabled;
    private final String code;

    /**
     * Explain the absence of some types.
     *
     * @param environment tells whether the primitive is switched off
     * @param types what an annotation injects
     * @param annotation name of the annotation
     * @param enabled property that switches the primitive off
     * @param code code to show
     */
    protected InjectionFailureAnalyzer(
            Environment environment, Set<Class<?>> types, String annotation, String enabled, String code) {
        this.environment = environment;
        this.types = Set.copyOf(types);
        this.annotation = annotation;
        this.enabled = enabled;
        this.code = code;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        ResolvableType type = cause.getResolvableType();
        if (cause instanceof NoUniqueBeanDefinitionException
                || type == null
                || !types.contains(type.resolve(Object.class))) {
            return null;
        }
        String place = place(rootFailure);
        if (!environment.getProperty(enabled, Boolean.class, true)) {
            return new FailureAnalysis(
                    "%s: %s takes a %s, but %s is false.".formatted(code, place, type, enabled),
                    "Set %s to true, or remove the injection point.".formatted(enabled),
                    cause);
        }
        return new FailureAnalysis(
                "%s: %s takes a %s without saying which.".formatted(code, place, type),
                "Annotate it with @%s(\"name\"), or define a bean of that type.".formatted(annotation),
                cause);
    }

    private String place(Throwable failure) {
        UnsatisfiedDependencyException unsatisfied = findCause(failure, UnsatisfiedDependencyException.class);
        while (unsatisfied != null) {
            UnsatisfiedDependencyException deeper =
                    findCause(unsatisfied.getCause(), UnsatisfiedDependencyException.class);
            if (deeper == null) {
                InjectionPoint point = unsatisfied.getInjectionPoint();
                return point == null ? "A bean" : InjectionPlace.describe(point);
            }
            unsatisfied = deeper;
        }
        return "A bean";
    }
}
