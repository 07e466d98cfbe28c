// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.Thrown;
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

/**
 * A collector of mistakes by their property; as a handler of binding, it lets it go on after a failure.
 *
 * @since 1.0
 */
public final class MistakeCollector extends AbstractBindHandler {

    private final Map<ConfigurationPropertyName, Mistake> unreadable = new LinkedHashMap<>();
    private final Map<String, Mistake> others = new LinkedHashMap<>();
    private final Map<Class<?>, Object> defaults;
    private @Nullable Throwable cause;

    /** Begin without mistakes. */
    public MistakeCollector() {
        this(Map.of());
    }

    /**
     * Begin without mistakes.
     *
     * @param defaults what to bind where a key has nothing below it, by type
     */
    public MistakeCollector(Map<Class<?>, Object> defaults) {
        this.defaults = Map.copyOf(defaults);
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        ConfigurationProperty last = context.getConfigurationProperty();
        ConfigurationProperty property = last != null && last.getName().equals(name) ? last : null;
        Class<?> type = target.getType().resolve(Object.class);
        Object value = property == null ? null : property.getValue();
        Object declared = defaults.get(type);
        if (declared != null && value instanceof String text && text.isBlank()) {
            // "carts:" without anything below: declared, with every default.
            return declared;
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
            List<Throwable> chain = Thrown.chain(error);
            Throwable root = chain.get(chain.size() - 1);
            return new Mistake(
                    "MECHA-C002",
                    name.toString(),
                    "These settings do not work: %s.".formatted(Thrown.message(root)),
                    "Change the settings under %s.".formatted(name));
        }
        // Only what cannot be a secret: a key written one level too high must not be printed.
        String shown = isPlain(type) ? "'%s'".formatted(value) : "The value";
        Origin origin = Origin.from(property);
        ConfigurationPropertyName written = name;
        if (origin instanceof RenamedSource.Written elsewhere) {
            written = elsewhere.name();
            origin = elsewhere.origin();
        }
        return new Mistake(
                "MECHA-C002",
                written.toString(),
                "%s is not %s%s.".formatted(shown, noun(type), origin == null ? "" : " (" + origin + ")"),
                "Set %s to %s.".formatted(written, example(type)));
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

    /**
     * Add a mistake; of those with the same code and property, the first one stays.
     *
     * @param mistake the mistake
     */
    public void add(Mistake mistake) {
        others.putIfAbsent(mistake.code() + ' ' + mistake.property(), mistake);
    }

    private void add(InvalidConfigurationException invalid) {
        invalid.mistakes().forEach(this::add);
        keep(invalid);
    }

    /**
     * Add a failure that may name no property itself.
     *
     * @param property the property to name then
     * @param failure what failed
     */
    public void add(String property, MechaException failure) {
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

    /**
     * Tell whether nothing is wrong.
     *
     * @return whether there is no mistake
     */
    public boolean isEmpty() {
        return unreadable.isEmpty() && others.isEmpty();
    }

    /**
     * Return what is wrong.
     *
     * @return a copy: first what could not be read, then the rest
     */
    public List<Mistake> mistakes() {
        List<Mistake> all = new ArrayList<>(unreadable.values());
        all.addAll(others.values());
        return List.copyOf(all);
    }

    /**
     * Report what is wrong.
     *
     * @throws InvalidConfigurationException if there is a mistake
     */
    public void throwIfAny() {
        if (!isEmpty()) {
            throw new InvalidConfigurationException(mistakes(), cause);
        }
    }
}
