// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.env.PropertyResolver;

/**
 * A reader of injection points.
 *
 * @since 1.0
 */
public final class InjectionPlace {

    private InjectionPlace() {}

    /**
     * Find an annotation on a field, a parameter, or the setter that a parameter is the argument of.
     *
     * @param <A> the annotation
     * @param point the injection point
     * @param annotation class of the annotation
     * @return the annotation, if it is there
     */
    public static <A extends Annotation> Optional<A> annotation(InjectionPoint point, Class<A> annotation) {
        A found = point.getAnnotation(annotation);
        MethodParameter parameter = point.getMethodParameter();
        if (found == null && parameter != null && isSetter(parameter.getMethod())) {
            found = parameter.getMethodAnnotation(annotation);
        }
        return Optional.ofNullable(found);
    }

    private static boolean isSetter(@Nullable Method method) {
        return method != null && method.getReturnType() == void.class;
    }

    /**
     * Tell whether Spring injects into a field, or calls a method to inject.
     *
     * @param member a field or a method
     * @return whether it has an annotation for injection
     */
    public static boolean isInjected(AnnotatedElement member) {
        MergedAnnotations annotations = MergedAnnotations.from(member, SearchStrategy.TYPE_HIERARCHY);
        return annotations.isPresent(Autowired.class)
                || annotations.isPresent("jakarta.inject.Inject"); // allow ClassName: optional at run time
    }

    /**
     * Replace placeholders in the name of a component.
     *
     * @param point the injection point that names it
     * @param name the name as it is written
     * @param placeholders resolves them
     * @param code code of the mistake if one stands for nothing
     * @return the name
     * @throws InvalidConfigurationException if a placeholder stands for nothing
     */
    public static String resolve(InjectionPoint point, String name, PropertyResolver placeholders, String code) {
        try {
            return placeholders.resolveRequiredPlaceholders(name);
        } catch (IllegalArgumentException unknown) {
            throw new InvalidConfigurationException(List.of(placeholder(code, describe(point), name)));
        }
    }

    /**
     * Describe a placeholder that stands for nothing.
     *
     * @param code code of the mistake
     * @param place where it is written
     * @param text the text that has it
     * @return the mistake
     */
    public static Mistake placeholder(String code, String place, String text) {
        return new Mistake(
                code,
                place,
                "The placeholder in '%s' cannot be resolved.".formatted(text),
                "Set the property that the placeholder names, or give it a default as in ${name:default}.");
    }

    /**
     * Return what an injection point takes.
     *
     * @param point the injection point
     * @return its type, with {@code ObjectProvider} and the like taken off
     */
    public static ResolvableType type(InjectionPoint point) {
        if (point instanceof DependencyDescriptor descriptor) {
            return descriptor.getResolvableType();
        }
        MethodParameter parameter = point.getMethodParameter();
        if (parameter != null) {
            return ResolvableType.forMethodParameter(parameter);
        }
        return ResolvableType.forField(Objects.requireNonNull(point.getField()));
    }

    /**
     * Describe where an injection point is.
     *
     * @param point the injection point
     * @return words for messages
     */
    public static String describe(InjectionPoint point) {
        String owner = point.getMember().getDeclaringClass().getName();
        MethodParameter parameter = point.getMethodParameter();
        if (parameter == null) {
            return "field '%s' of %s".formatted(point.getMember().getName(), owner);
        }
        Executable executable = parameter.getExecutable();
        String what = executable instanceof Method ? "method '%s'".formatted(executable.getName()) : "the constructor";
        Parameter declared = parameter.getParameter();
        String name = declared.isNamePresent() ? " '" + declared.getName() + "'" : "";
        return "parameter %d%s of %s of %s".formatted(parameter.getParameterIndex(), name, what, owner);
    }

    /**
     * Replace type variables, which mean nothing outside their class.
     *
     * @param type a type
     * @return Java's own type where it has no variables, so that equal ones share a view
     */
    public static Type withoutVariables(ResolvableType type) {
        if (!hasVariable(type.getType())) {
            return type.getType();
        }
        Class<?> raw = type.toClass();
        if (!type.hasGenerics()) {
            return raw;
        }
        ResolvableType[] arguments = Arrays.stream(type.getGenerics())
                .map((argument) -> ResolvableType.forType(withoutVariables(argument)))
                .toArray(ResolvableType[]::new);
        return ResolvableType.forClassWithGenerics(raw, arguments).getType();
    }

    private static boolean hasVariable(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(InjectionPlace::hasVariable);
        }
        if (type instanceof GenericArrayType array) {
            return hasVariable(array.getGenericComponentType());
        }
        return type instanceof TypeVariable<?>;
    }
}
