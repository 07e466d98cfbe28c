// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.Objects;

/**
 * One mistake in the configuration.
 *
 * @param code stable code, listed in the error reference
 * @param property the property to change, for example {@code mecha.state.stores.carts.type}, or where else the mistake
 *     is, for example an injection point
 * @param problem one sentence: what is wrong, with names and values but never a secret
 * @param action one sentence: what to write instead
 * @since 1.0
 */
public record Mistake(String code, String property, String problem, String action) {

    public Mistake {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(property, "property");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(action, "action");
    }
}
