// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.Mistake;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import org.jspecify.annotations.Nullable;

/**
 * The text before each key, by the setting {@code key-prefix}.
 *
 * <p>Unambiguous: a store's name has no bar, and a bar in the application's name is written as {@code %7C}, so that no two
 * pairs of application and store give texts of which one begins with the other.
 */
final class KeyPrefixes {

    private static final String SEPARATOR = "||";
    private static final int MAXIMUM_LENGTH = 256;

    private final @Nullable String applicationName;

    KeyPrefixes(@Nullable String applicationName) {
        this.applicationName = applicationName;
    }

    /**
     * Returns the prefix of a store.
     *
     * @param setting what is configured for the store or for all
     * @param store name of the store
     */
    String prefix(String setting, String store) {
        return switch (setting.strip()) {
            case "application" -> application() + SEPARATOR + store + SEPARATOR;
            case "store" -> store + SEPARATOR;
            case "none", "" -> "";
            default -> setting + SEPARATOR;
        };
    }

    /** Tells whether a prefix is one that every application without a name has. */
    boolean isUnnamed(String prefix, String store) {
        return applicationName == null && prefix.equals(prefix("application", store));
    }

    private String application() {
        return applicationName == null
                ? "application"
                : applicationName.replace("%", "%25").replace("|", "%7C");
    }

    /** Adds the mistake if a prefix could not be part of a key. */
    static void check(String property, String prefix, MistakeCollector mistakes) {
        if (prefix.length() > MAXIMUM_LENGTH || prefix.chars().anyMatch(Character::isISOControl)) {
            mistakes.add(new Mistake(
                    "MECHA-S106",
                    property,
                    "The key prefix has %d characters or a control character among them.".formatted(prefix.length()),
                    "Use at most %d characters, none of them a control character.".formatted(MAXIMUM_LENGTH)));
        }
    }
}
