// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.Mistake;
import io.mecha.state.spi.StateBackendFactory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds factories by the id of their type. */
final class BackendTypes {

    private static final String EMBEDDED = "embedded";

    /** What to add for a type that Mecha has but this application has not. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            EMBEDDED,
            "io.mecha:mecha-state-jdbc and org.xerial:sqlite-jdbc",
            "jdbc",
            "io.mecha:mecha-state-jdbc",
            "redis",
            "io.mecha:mecha-state-redis");

    private final Map<String, StateBackendFactory> factories = new TreeMap<>();

    BackendTypes(Iterable<StateBackendFactory> factories, MistakeCollector mistakes) {
        for (StateBackendFactory factory : factories) {
            StateBackendFactory other = this.factories.putIfAbsent(factory.type(), factory);
            if (other != null) {
                mistakes.add(new Mistake(
                        "MECHA-S108",
                        "StateBackendFactory",
                        "Both %s and %s make backends of type '%s'."
                                .formatted(
                                        other.getClass().getName(),
                                        factory.getClass().getName(),
                                        factory.type()),
                        "Remove one of the two beans."));
            }
        }
    }

    Optional<StateBackendFactory> find(String type) {
        return Optional.ofNullable(factories.get(type));
    }

    /** Returns the type of stores that do not set one. */
    Optional<String> defaultType(@Nullable String configured) {
        if (configured != null) {
            return Optional.of(configured);
        }
        return factories.containsKey(EMBEDDED) ? Optional.of(EMBEDDED) : Optional.empty();
    }

    /** Returns every id that may be a key below a store. */
    Collection<String> known() {
        Collection<String> known = new TreeSet<>(factories.keySet());
        known.addAll(ARTIFACTS.keySet());
        return known;
    }

    Mistake unknown(String property, String type) {
        String present = String.join(", ", factories.keySet());
        return new Mistake(
                "MECHA-S102",
                property,
                "No state backend of type '%s' is on the class path; there are %s.".formatted(type, present),
                advice(type) + "et %s to one of %s.".formatted(property, present));
    }

    private static String advice(String type) {
        String artifact = ARTIFACTS.get(type);
        if (artifact != null) {
            return "Add %s to the application, or s".formatted(artifact);
        }
        return KnownKeys.nearest(type, ARTIFACTS.keySet())
                .map((meant) -> "Did you mean '%s'? S".formatted(meant))
                .orElse("S");
    }

    Mistake noDefault(String property) {
        return new Mistake(
                "MECHA-S104",
                property,
                "The store has no type, and the default, embedded, is not on the class path; there are %s."
                        .formatted(String.join(", ", factories.keySet())),
                "Set %s or mecha.state.default-type, or add %s to the application."
                        .formatted(property, ARTIFACTS.get(EMBEDDED)));
    }
}
