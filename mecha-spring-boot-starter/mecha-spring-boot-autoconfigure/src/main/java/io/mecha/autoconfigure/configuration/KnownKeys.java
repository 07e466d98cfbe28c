// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The keys that a record binds, and the nearest of them to a misspelt one.
 *
 * @since 1.0
 */
public final class KnownKeys {

    private static final int SHORT = 6;
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private final Map<String, RecordComponent> components = new TreeMap<>();

    KnownKeys(Class<?> type) {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                components.put(DataObjectPropertyName.toDashedForm(component.getName()), component);
            }
        }
    }

    Collection<String> keys() {
        return components.keySet();
    }

    /**
     * Finds the first element of a name that no record binds.
     *
     * @param name the name
     * @param index which element of the name is a key of this record
     * @return the index of the unknown element and the keys it could have been, or empty if all is known
     */
    Optional<Unknown> firstUnknown(ConfigurationPropertyName name, int index) {
        if (components.isEmpty() || index >= name.getNumberOfElements()) {
            return Optional.empty();
        }
        String element = uniform(name, index);
        for (Map.Entry<String, RecordComponent> entry : components.entrySet()) {
            if (uniform(entry.getKey()).equals(element)) {
                // Below anything but a record (a map, a list) every key is as good as another.
                return new KnownKeys(entry.getValue().getType()).firstUnknown(name, index + 1);
            }
        }
        return Optional.of(new Unknown(index, keys()));
    }

    static String uniform(ConfigurationPropertyName name, int index) {
        return name.getElement(index, Form.UNIFORM);
    }

    /**
     * Return a key without what relaxed binding ignores.
     *
     * @param key the key as written
     * @return lower-case letters and digits
     */
    public static String uniform(String key) {
        return key.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Suggests what a misspelt key was meant to be. */
    static String suggest(String misspelt, Collection<String> known) {
        return nearest(misspelt, known)
                .map((key) -> "Did you mean '%s'?".formatted(key))
                .orElseGet(() -> "Known here: %s.".formatted(String.join(", ", known)));
    }

    /**
     * Find what a misspelt text was meant to be.
     *
     * @param misspelt what was written
     * @param known what could have been meant
     * @return the nearest, if any is near
     */
    public static Optional<String> nearest(String misspelt, Collection<String> known) {
        String wanted = uniform(misspelt);
        int bound = Math.max(2, wanted.length() / 3);
        return known.stream()
                .filter((key) -> distance(wanted, uniform(key)) <= bound)
                .min((one, other) -> Integer.compare(distance(wanted, uniform(one)), distance(wanted, uniform(other))));
    }

    /**
     * Find the name that one was probably meant to be. Names are the application's own, so only a letter or two may differ, and not digits
     * alone, as in {@code queue1} and {@code queue2}.
     *
     * @param name what was written
     * @param names what there is
     * @return the most similar, if any is similar
     */
    static Optional<String> lookalike(String name, Collection<String> names) {
        String wanted = uniform(name);
        int bound = wanted.length() < SHORT ? 1 : 2;
        return names.stream()
                .filter((other) -> !DIGITS.matcher(name)
                        .replaceAll("")
                        .equals(DIGITS.matcher(other).replaceAll("")))
                .filter((other) -> distance(wanted, uniform(other)) <= bound)
                .min((one, other) -> Integer.compare(distance(wanted, uniform(one)), distance(wanted, uniform(other))));
    }

    /** Counts insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    private static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = one.charAt(i - 1) == other.charAt(j - 1);
                cost[i][j] =
                        Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[one.length()][other.length()];
    }

    /**
     * An element that nothing binds.
     *
     * @param index which element of the name
     * @param known what it could have been
     */
    record Unknown(int index, Collection<String> known) {}
}
