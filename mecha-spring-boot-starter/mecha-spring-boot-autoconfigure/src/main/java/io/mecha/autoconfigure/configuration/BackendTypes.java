// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import io.mecha.Mistake;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Factories by the id of their type.
 *
 * @param <F> the factory
 * @since 1.0
 */
public final class BackendTypes<F> {

    /** The default type of those who want every component configured. */
    public static final String NONE = "none";

    private final ComponentKind<?, ?> kind;
    private final Map<String, F> factories = new TreeMap<>();
    private final Map<String, String> artifacts;
    private final String embedded;

    /**
     * Sort factories by type.
     *
     * @param kind whose backends they make
     * @param factories the factories
     * @param factory type of the factories
     * @param type reads the id of one
     * @param artifacts what to add for a type that Mecha has but this application has not, by id
     * @param embedded the type of components that set none, where it is there
     * @param mistakes takes a mistake for each id that two factories have
     */
    public BackendTypes(
            ComponentKind<?, ?> kind,
            Iterable<F> factories,
            Class<F> factory,
            Function<F, String> type,
            Map<String, String> artifacts,
            String embedded,
            MistakeCollector mistakes) {
        this.kind = kind;
        this.artifacts = artifacts;
        this.embedded = embedded;
        for (F candidate : factories) {
            String id = type.apply(candidate);
            F other = this.factories.putIfAbsent(id, candidate);
            if (other != null) {
                mistakes.add(new Mistake(
                        kind.codes().sameType(),
                        factory.getSimpleName(),
                        "Both %s and %s make backends of type '%s'."
                                .formatted(
                                        other.getClass().getName(),
                                        candidate.getClass().getName(),
                                        id),
                        "Remove one of the two beans."));
            }
        }
    }

    /**
     * Find the factory of a type.
     *
     * @param type id of the type
     * @return the factory, if it is there
     */
    public Optional<F> find(String type) {
        return Optional.ofNullable(factories.get(type));
    }

    /**
     * Check the type of components that do not set one.
     *
     * @param configured the configured default type
     * @param mistakes takes a mistake if it is not there
     */
    public void checkDefault(@Nullable String configured, MistakeCollector mistakes) {
        if (configured != null && !configured.equals(NONE) && find(configured).isEmpty()) {
            mistakes.add(unknown(kind.root() + ".default-type", configured));
        }
    }

    /**
     * Choose the factory of a component.
     *
     * @param property what sets the type of the component
     * @param type the type, or {@code null} if it sets none
     * @param configured the configured default type
     * @param mistakes takes a mistake if there is none; an unknown default type is reported once, by {@link #checkDefault}
     * @return the factory, if it is there
     */
    public Optional<F> choose(
            String property, @Nullable String type, @Nullable String configured, MistakeCollector mistakes) {
        if (type != null) {
            Optional<F> chosen = find(type);
            if (chosen.isEmpty()) {
                mistakes.add(unknown(property, type));
            }
            return chosen;
        }
        Optional<String> defaultType = defaultType(configured);
        if (defaultType.isEmpty()) {
            mistakes.add(noDefault(property));
        } else if (defaultType.get().equals(NONE)) {
            mistakes.add(new Mistake(
                    kind.codes().noType(),
                    property,
                    "The %s has no type, and %s.default-type is none.".formatted(kind.noun(), kind.root()),
                    "Set %s.".formatted(property)));
        }
        return defaultType.flatMap(this::find);
    }

    /**
     * Return the type of components that do not set one.
     *
     * @param configured the configured default type
     * @return it, or else the embedded type where it is there
     */
    public Optional<String> defaultType(@Nullable String configured) {
        if (configured != null) {
            return Optional.of(configured);
        }
        return factories.containsKey(embedded) ? Optional.of(embedded) : Optional.empty();
    }

    /**
     * Return every id that may be a key below a component.
     *
     * @return ids in alphabetical order
     */
    public Collection<String> known() {
        Collection<String> known = new TreeSet<>(factories.keySet());
        known.addAll(artifacts.keySet());
        return known;
    }

    /**
     * Describe a type that is not there.
     *
     * @param property what names it
     * @param type id of the type
     * @return the mistake
     */
    public Mistake unknown(String property, String type) {
        String present = String.join(", ", factories.keySet());
        return new Mistake(
                kind.codes().unknownType(),
                property,
                "No backend of type '%s' is on the class path; there are %s.".formatted(type, present),
                advice(type) + "et %s to one of %s.".formatted(property, present));
    }

    private String advice(String type) {
        String artifact = artifacts.get(type);
        if (artifact != null) {
            return "Add %s to the application, or s".formatted(artifact);
        }
        Set<String> types = new TreeSet<>(artifacts.keySet());
        types.addAll(factories.keySet());
        return KnownKeys.nearest(type, types).map(this::meant).orElse("S");
    }

    /** Suggests a type together with what it needs, since the list of those that are there may not have it. */
    private String meant(String type) {
        String question = "Did you mean '%s'? ".formatted(type);
        return factories.containsKey(type)
                ? question + "S"
                : question + "Add %s for it, or s".formatted(artifacts.get(type));
    }

    private Mistake noDefault(String property) {
        return new Mistake(
                kind.codes().noType(),
                property,
                "The %s has no type, and the default, %s, is not on the class path; there are %s."
                        .formatted(kind.noun(), embedded, String.join(", ", factories.keySet())),
                "Set %s or %s.default-type, or add %s to the application."
                        .formatted(property, kind.root(), artifacts.get(embedded)));
    }
}
