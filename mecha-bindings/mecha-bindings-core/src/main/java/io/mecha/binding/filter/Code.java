// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

/**
 * The kinds of closures that expressions are compiled to. Failures are values, so that they cost nothing.
 *
 * <p>Evaluation fails fast: what has a failed operand fails the same way, and its value is the zero of its type.
 */
final class Code {

    static final int FALSE = 0;
    static final int TRUE = 1;

    private Code() {}

    /** A computation of {@link #TRUE}, {@link #FALSE}, or a negative {@link Fault#flag()}. */
    @FunctionalInterface
    interface Flag {
        int run(Filterable event);
    }

    /** A computation of an unsigned 32-bit pattern of an integer, or a {@link Fault#number()} above it. */
    @FunctionalInterface
    interface Numeric {
        long run(Filterable event);
    }

    /** A computation of a String or a {@link Failure}. */
    @FunctionalInterface
    interface Text {
        Object run(Filterable event);
    }

    /** A computation of a String, an Integer, a Boolean or a {@link Failure}. */
    @FunctionalInterface
    interface Value {
        Object run(Filterable event);
    }

    static int flag(boolean value) {
        return value ? TRUE : FALSE;
    }

    static long number(int value) {
        return Integer.toUnsignedLong(value);
    }

    /** Reads the outcome of a number. */
    static int value(long number) {
        return (int) number;
    }

    static boolean failed(long number) {
        return number >>> 32 != 0;
    }
}
