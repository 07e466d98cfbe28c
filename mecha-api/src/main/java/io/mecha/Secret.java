// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.Objects;

/**
 * A secret from the configuration that must never be printed.
 *
 * @since 1.0
 */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Wrap a secret; also what property binding calls.
     *
     * @param value the secret as configured
     * @return a secret that prints as asterisks
     */
    public static Secret of(String value) {
        return new Secret(Objects.requireNonNull(value, "value"));
    }

    /**
     * Return the secret itself.
     *
     * @return the text as configured; do not log it
     */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "******";
    }
}
