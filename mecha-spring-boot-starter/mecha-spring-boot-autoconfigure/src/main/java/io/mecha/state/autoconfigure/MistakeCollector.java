// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;
import org.springframework.util.ClassUtils;

/** Collects mistakes, by the property they are in; as a handler of binding, lets it go on after a failure. */
final class MistakeCollector extends AbstractBindHandler {

    private final Map<ConfigurationPropertyName, Mistake> unreadable = new LinkedHashMap<>();
    private final Map<String, Mistake> others = new LinkedHashMap<>();
    private @Nullable Throwable cause;

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        ConfigurationProperty last = context.getConfigurationProperty();
        ConfigurationProperty property = last != null && last.getName().equals(name) ? last : null;
        Class<?> type = target.getType().resolve(Object.class);
        Object value = property == null ? null : property.getValue();
        if (type == StateProperties.Store.class && value instanceof String text && text.isBlank()) {
            // "carts:" without anything below: declared, with every default.
            return StateProperties.Store.DEFAULTS;
        }
        unreadable.putIfAbsent(name, unreadable(name, type, value, property, error));
        return null;
    }

    private static Mistake unreadable(
            ConfigurationPropertyName name,
            Class<?> type,
            @Nullable Object value,
            @Nullable ConfigurationProperty property,
            Exception error) {
        if (value == null) {
            Throwable root = error;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return new Mistake(
                    "MECHA-C002",
                    name.toString(),
                    "These settings do not work: %s.".formatted(root.getMessage()),
                    "Change the settings under %s.".formatted(name));
        }
        // Only what cannot be a secret: a key written one level too high must not be printed.
        String shown = isPlain(type) ? "'%s'".formatted(value) : "The value";
        Origin origin = Origin.from(property);
        return new Mistake(
                "MECHA-C002",
                name.toString(),
                "%s is not %s%s.".formatted(shown, noun(type), origin == null ? "" : " (" + origin + ")"),
                "Set %s to %s.".formatted(name, example(type)));
    }

    private static boolean isPlain(Class<?> type) {
        return type == Duration.class || BeanUtils.isSimpleValueType(type);
    }

    private static String noun(Class<?> type) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed == Duration.class) {
            return "a duration";
        }
        if (boxed == Boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(boxed)) {
            return "a number that fits";
        }
        return "a value of type " + type.getSimpleName();
    }

    private static String example(Class<?> type) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed == Duration.class) {
            return "a number with a unit, for example 500ms, 30s, 5m, 12h or 7d";
        }
        if (boxed == Boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(boxed)) {
            return boxed == Long.class || boxed == Integer.class ? "a whole number" : "a number";
        }
        if (type.isEnum()) {
            return "one of " + List.of(type.getEnumConstants());
        }
        return "a " + type.getSimpleName();
    }

    void add(Mistake mistake) {
        others.putIfAbsent(mistake.code() + ' ' + mistake.property(), mistake);
    }

    void add(InvalidConfigurationException invalid) {
        invalid.mistakes().forEach(this::add);
        keep(invalid);
    }

    /** Adds a failure that names no property itself. */
    void add(String property, MechaException failure) {
        if (failure instanceof InvalidConfigurationException invalid) {
            add(invalid);
        } else {
            add(new Mistake(failure.code(), property, failure.problem(), failure.action()));
            keep(failure);
        }
    }

    private void keep(Throwable failure) {
        if (cause == null) {
            cause = failure;
        }
    }

    boolean isEmpty() {
        return unreadable.isEmpty() && others.isEmpty();
    }

    List<Mistake> mistakes() {
        List<Mistake> all = new ArrayList<>(unreadable.values());
        all.addAll(others.values());
        return List.copyOf(all);
    }

    void throwIfAny() {
        if (!isEmpty()) {
            throw new InvalidConfigurationException(mistakes(), cause);
        }
    }
}
