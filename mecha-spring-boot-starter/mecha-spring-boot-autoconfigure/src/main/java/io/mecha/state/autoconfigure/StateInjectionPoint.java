// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * A place that wants a store: which one, and of which values.
 *
 * @param store the annotation
 * @param valueType type of the values, without type variables
 * @param place where it is, for messages
 */
record StateInjectionPoint(StateStore store, Type valueType, String place) {

    /** Finds the annotation on a field, a parameter, or the method that a parameter is the argument of. */
    static Optional<StateStore> annotation(InjectionPoint point) {
        StateStore found = point.getAnnotation(StateStore.class);
        MethodParameter parameter = point.getMethodParameter();
        if (found == null && parameter != null && isSetter(parameter.getMethod())) {
            found = parameter.getMethodAnnotation(StateStore.class);
        }
        return Optional.ofNullable(found);
    }

    private static boolean isSetter(@Nullable Method method) {
        return method != null && method.getReturnType() == void.class;
    }

    /**
     * Reads an injection point.
     *
     * @throws InvalidConfigurationException if it is not the place for a store
     */
    static StateInjectionPoint of(InjectionPoint point) {
        StateStore store = annotation(point)
                .orElseThrow(() -> wrong(
                        point,
                        "It takes a KeyValueStore without saying which.",
                        "Annotate it with @StateStore(\"name\")."));
        ResolvableType type = type(point);
        if (type.resolve() != KeyValueStore.class) {
            throw wrong(
                    point,
                    "@StateStore is on a %s, which is not a KeyValueStore.".formatted(type),
                    "Make it a KeyValueStore<type of the values>.");
        }
        ResolvableType valueType = type.getGeneric(0);
        if (valueType.resolve() == null || valueType.getType() instanceof WildcardType) {
            throw wrong(
                    point,
                    "It does not say of which type the values of state store '%s' are.".formatted(store.value()),
                    "Write the type of the values, as in KeyValueStore<Order>.");
        }
        if (!StateConfiguration.isName(store.value())) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-S105",
                    place(point),
                    "'%s' cannot be the name of a state store.".formatted(store.value()),
                    "Use 1 to 64 letters, digits, dots, underscores and hyphens, beginning with a"
                            + " letter or a digit.")));
        }
        return new StateInjectionPoint(store, withoutVariables(valueType), place(point));
    }

    private static ResolvableType type(InjectionPoint point) {
        if (point instanceof DependencyDescriptor descriptor) {
            return descriptor.getResolvableType();
        }
        MethodParameter parameter = point.getMethodParameter();
        if (parameter != null) {
            return ResolvableType.forMethodParameter(parameter);
        }
        return ResolvableType.forField(Objects.requireNonNull(point.getField()));
    }

    static InvalidConfigurationException wrong(InjectionPoint point, String problem, String action) {
        return new InvalidConfigurationException(List.of(new Mistake("MECHA-S107", place(point), problem, action)));
    }

    /** Describes where an injection point is. */
    static String place(InjectionPoint point) {
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

    // A variable means nothing outside its class; Java's own types stay as they are, so that equal ones share a view.
    private static Type withoutVariables(ResolvableType type) {
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
            return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(StateInjectionPoint::hasVariable);
        }
        if (type instanceof GenericArrayType array) {
            return hasVariable(array.getGenericComponentType());
        }
        return type instanceof TypeVariable<?>;
    }
}
