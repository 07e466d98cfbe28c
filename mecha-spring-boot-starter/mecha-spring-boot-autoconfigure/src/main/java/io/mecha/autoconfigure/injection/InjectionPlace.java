// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * Read injection points.
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
