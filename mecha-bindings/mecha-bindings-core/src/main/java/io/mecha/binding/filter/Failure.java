// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * A failed outcome where an object is due; shared, except for functions that return a value in spite of a failure.
 *
 * @param value the value that the expression has none the less
 */
record Failure(Fault fault, Object value) {

    private static final Map<Fault, Failure> TEXTS = all("");
    private static final Map<Fault, Failure> FLAGS = all(false);
    private static final Map<Fault, Failure> NUMBERS = all(0);

    /** For an attribute whose type nobody knows, the value is that of a boolean. */
    static final Failure MISSING = flag(Fault.MISSING_ATTRIBUTE);

    static Failure text(Fault fault) {
        return Objects.requireNonNull(TEXTS.get(fault));
    }

    static Failure flag(Fault fault) {
        return Objects.requireNonNull(FLAGS.get(fault));
    }

    static Failure number(Fault fault, int value) {
        return value == 0 ? Objects.requireNonNull(NUMBERS.get(fault)) : new Failure(fault, value);
    }

    private static Map<Fault, Failure> all(Object zero) {
        Map<Fault, Failure> failures = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            failures.put(fault, new Failure(fault, zero));
        }
        return failures;
    }
}
